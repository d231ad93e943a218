-- with: shared/memory.lua, shared/ends.lua
--
-- Removes a task from the queue as if it had never been, while it waits and its submitter has no answer yet.
--
-- KEYS[1] limits
-- ARGV[1] task id
--
-- Returns 1, or 0 when it is too late.

local id = ARGV[1]
local task = keys.task .. id

local user, state = unpack(redis.call('HMGET', task, 'user', 'state'))
if state == 'queued' and is_unanswered(id) then
  leave_queue(id, user)
  refresh(user)
  reject(id, user)
end
return redis.call('HEXISTS', task, 'rejected')
