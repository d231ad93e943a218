-- with: shared/claims.lua
--
-- Records that the instance has accepted the task: it runs, and its time counts from now.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] fence
--
-- Returns 1, or 0 when the claim is no longer valid.

local id, fence = ARGV[1], ARGV[2]
local task = keys.task .. id

if not is_valid(id, fence) then
  return 0
end
redis.call('HSET', task, 'stage', 'running')
redis.call('HDEL', task, 'answer_by')
if redis.call('HSETNX', task, 'started', now_ms) == 1 then
  count_event('started')
end
return 1
