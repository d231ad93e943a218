-- Stores a text under a name unless there is one. At most once: a call that is repeated because its reply was lost
-- reports that there is one already.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of the name
-- ARGV[2] text
-- ARGV[3] how long, in ms
--
-- Returns 1 when it is stored now, 0 when there was one.

return redis.call('SET', keys.kept .. ARGV[1], ARGV[2], 'PX', ARGV[3], 'NX') and 1 or 0
