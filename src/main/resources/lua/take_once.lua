-- Takes the text that was stored under a name and deletes it, so that it is returned once.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of the name
--
-- Returns a list of the text; an empty list when there is none.

local text = redis.call('GET', keys.kept .. ARGV[1])
redis.call('DEL', keys.kept .. ARGV[1])
return {text or nil}
