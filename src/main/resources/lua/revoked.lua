-- Tells since when what others issue for a user counts again.
--
-- KEYS[1] limits
-- ARGV[1] user
--
-- Returns the time in ms; 0 when he was not revoked.

return tonumber(redis.call('GET', keys.revoked .. ARGV[1]) or '0')
