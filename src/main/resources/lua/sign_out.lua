-- Forgets a sign-in.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of the token
-- ARGV[2] user
--
-- Returns 1.

redis.call('DEL', keys.sign_in .. ARGV[1])
redis.call('ZREM', keys.sign_ins .. ARGV[2], ARGV[1])
return 1
