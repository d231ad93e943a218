-- Replaces the hash of the password that a user has chosen.
--
-- KEYS[1] limits
-- ARGV[1] user
-- ARGV[2] hash
--
-- Returns 1.

redis.call('SET', keys.password .. ARGV[1], ARGV[2])
return 1
