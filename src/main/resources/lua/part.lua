-- with: shared/requests.lua
--
-- Reads a part of the request of a task that has not ended.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] which part, from 0 on
--
-- Returns {the part, how the request ends when it has secrets}; what does not exist is empty. The end comes
--   with the first part only.

local id, index = ARGV[1], tonumber(ARGV[2])

return {part_of(id, index) or '', index == 0 and redis.call('GET', keys.secrets .. id) or ''}
