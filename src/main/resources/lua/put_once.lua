-- Keeps a text under a name, unless there is one. Called again because its answer was lost, it says that there is one:
-- whoever may do something only once does it rather never than twice.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of the name
-- ARGV[2] text
-- ARGV[3] how long, in ms
--
-- Returns 1 when it is kept now, 0 when there was one.

return redis.call('SET', keys.kept .. ARGV[1], ARGV[2], 'PX', ARGV[3], 'NX') and 1 or 0
