-- Deletes the count of attempts after one has succeeded.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of the name that the attempts were for
--
-- Returns 1.

redis.call('DEL', keys.attempts .. ARGV[1])
return 1
