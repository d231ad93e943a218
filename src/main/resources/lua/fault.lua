-- with: shared/claims.lua, shared/ends.lua, shared/instances.lua
--
-- Gives a task back to the head of its user's list because its instance did not run it, and counts the fault of the
-- instance in the same step, so that nobody claims the task for it in between.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] fence
-- ARGV[3] unreachable (nothing was sent), refused or stalled
-- ARGV[4] why, an outage
--
-- Returns 1 when the instance gets no tasks for a while because of it, else 0.

local id, fence, kind, reason = unpack(ARGV)
local task = keys.task .. id

if not is_valid(id, fence) then
  return 0
end
-- What was sent keeps its number, for the instance knows it; it is not held against the task.
if kind == 'unreachable' then
  redis.call('HINCRBY', task, 'attempts', -1)
else
  redis.call('HINCRBY', task, 'unspent', 1)
end
local user, instance, tried = unpack(redis.call('HMGET', task, 'user', 'instance', 'tried'))
local opened = count_fault(instance, kind, reason, tried)
give_back(id, reason, kind ~= 'unreachable' and rounds_behind(user) or 0)
return opened and 1 or 0
