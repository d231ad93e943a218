-- Deletes the parts of a request whose submit was refused, or does not come.
--
-- KEYS[1] limits
-- ARGV[1] name of the request while it is staged
--
-- Returns 1, or 0 when there were none.

return redis.call('UNLINK', keys.staging .. ARGV[1])
