-- with: shared/claims.lua, shared/ends.lua, shared/instances.lua
--
-- Counts one more attempt with the same permit, because the last one is certainly gone, and the fault of the instance
-- in the same step. When that gives the instance a pause, the task returns to the head of its user's list instead: it
-- is not put at risk there again and again.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] fence
-- ARGV[3] the attempt that is gone; a repeated call counts once
-- ARGV[4] why, an outage
--
-- Returns 1, or 0 when the claim is no longer valid, or 2 when the task waits again.

local id, fence, gone, reason = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local task = keys.task .. id

if not is_valid(id, fence) then
  return 0
end
local user, attempts, instance, tried = unpack(redis.call('HMGET', task, 'user', 'attempts', 'instance', 'tried'))
if tonumber(attempts) == gone then
  if count_fault(instance, 'lost', reason, tried) then
    requeue(id, rounds_behind(user))
    return 2
  end
  redis.call('HSET', task, 'attempts', gone + 1, 'stage', 'claimed', 'tried', now_ms)
  redis.call('HDEL', task, 'started')
  count_event('reattempted')
end
return 1
