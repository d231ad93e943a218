-- Returns since when tokens of other issuers count again for a user.
--
-- KEYS[1] limits
-- ARGV[1] user
--
-- Returns the time in ms; 0 when the user was not revoked.

return tonumber(redis.call('GET', keys.revoked .. ARGV[1]) or '0')
