-- with: shared/claims.lua, shared/ends.lua, shared/instances.lua
--
-- Returns a task to the head of its user's list because its instance did not run it, and counts the fault of the
--   instance in the same step, so that no owner claims the task for it in between.
--
-- When the instance has run others to their end since it failed with this task before, the fault is the task's: it does
-- not count against the instance, and after so many of them the task fails.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] fence
-- ARGV[3] unreachable (nothing was sent), refused or stalled
-- ARGV[4] why, an outage
-- ARGV[5] number of faults of its own at which the task fails
--
-- Returns 1 when the instance gets no tasks for a while because of it, 2 when the task has failed, else 0.

local id, fence, kind, reason, max_faults = unpack(ARGV)
local task = keys.task .. id

if not is_valid(id, fence) then
  return 0
end
-- An attempt that was sent keeps its number, for the instance knows it; it does not count against the task.
if kind == 'unreachable' then
  redis.call('HINCRBY', task, 'attempts', -1)
else
  redis.call('HINCRBY', task, 'unspent', 1)
end
local user, instance, tried, cancelled = unpack(redis.call('HMGET', task, 'user', 'instance', 'tried', 'cancelled'))
local own = false
if kind == 'refused' then
  local now = instance .. '|' .. (redis.call('HGET', keys.instance .. instance, 'ends') or '0')
  local before = redis.call('HGET', task, 'refused_at')
  own = before and before ~= now and before:sub(1, #instance + 1) == instance .. '|'
  redis.call('HSET', task, 'refused_at', now)
end
if own and redis.call('HINCRBY', task, 'own_faults', 1) >= tonumber(max_faults) and not cancelled then
  release_permit(id, user)
  -- The message is worded by `task.TaskError`, from the type and the outage.
  redis.call('HSET', task, 'error_type', 'refused_by_instance', 'error_message', '', 'error_details', '',
    'error_report', '', 'error_outage', reason)
  refresh(user)
  close(id, user, 'failed')
  return 2
end
local opened = not own and count_fault(instance, kind, reason, tried)
requeue(id, kind ~= 'unreachable' and rounds_behind(user) or 0)
return opened and 1 or 0
