-- Forgets the attempts of one who succeeded.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of whose attempts they were
--
-- Returns 1.

redis.call('DEL', keys.attempts .. ARGV[1])
return 1
