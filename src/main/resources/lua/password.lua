-- Returns the hash of the password that a user has chosen.
--
-- KEYS[1] limits
-- ARGV[1] user
--
-- Returns a list of the hash; an empty list when there is none.

return {redis.call('GET', keys.password .. ARGV[1]) or nil}
