-- Lets a script do its work although Redis has reached its maxmemory. Redis refuses such a script at its first write
-- when that could take memory, and refuses none after another: so this one takes none. (A flag says the same from Redis
-- 7 on, but older ones cannot read it.) For what keeps going what was accepted, and so frees memory in the end.

redis.call('DEL', keys.nothing)
