-- Lets a script run although Redis has reached its maxmemory. Redis refuses a script only at its first write, if that
-- could take memory: so the first write takes none. (From Redis 7 on a flag says the same, but older ones cannot read
-- it.) For scripts that continue what was accepted, and so free memory in the end.

redis.call('DEL', keys.nothing)
