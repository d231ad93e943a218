-- Takes what was kept under a name: nobody gets it again.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of the name
--
-- Returns a list of the text; an empty one when there is none.

local text = redis.call('GET', keys.kept .. ARGV[1])
redis.call('DEL', keys.kept .. ARGV[1])
return {text or nil}
