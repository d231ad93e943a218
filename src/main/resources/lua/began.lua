-- with: shared/claims.lua
--
-- Records that an accepted task has begun to run after it waited in its instance's own queue: its time counts from now.
-- A repeated call changes nothing; the next attempt begins anew.
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
local attempt, began = unpack(redis.call('HMGET', task, 'attempts', 'began'))
if began ~= attempt then
  redis.call('HSET', task, 'began', attempt, 'started', now_ms)
end
return 1
