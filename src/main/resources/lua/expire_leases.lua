-- with: shared/memory.lua, shared/limits.lua
--
-- Ends the leases of all tasks of owners that are gone: any other owner may adopt them at once. A live owner that was
-- declared dead keeps its tasks until they are adopted; its fence then fails.
--
-- KEYS[1] limits
-- ARGV[1] prefix of the names of the owners that are gone
-- ARGV[2] the calling owner, whose own tasks are left alone
--
-- Returns the number of tasks whose lease was ended.

local gone, caller = ARGV[1], ARGV[2]

local expired = 0
for _, id in ipairs(redis.call('ZRANGE', keys.processing, 0, -1)) do
  local owner = redis.call('HGET', keys.task .. id, 'owner') or ''
  if owner ~= caller and owner:sub(1, #gone) == gone then
    redis.call('ZADD', keys.processing, 0, id)
    expired = expired + 1
  end
end
return expired
