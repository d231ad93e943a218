-- with: shared/claims.lua, shared/ends.lua
--
-- Gives a task that certainly never began back to the head of its user's list. One that was cancelled meanwhile ends.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] fence
-- ARGV[3] why
--
-- Returns 1, or 0 when the claim is not valid any more.

local id, fence, reason = ARGV[1], ARGV[2], ARGV[3]
local task = keys.task .. id

if not is_valid(id, fence) then
  return 0
end
local user, cancelled = unpack(redis.call('HMGET', task, 'user', 'cancelled'))
leave_place(id, user)
redis.call('HINCRBY', task, 'attempts', -1)
redis.call('HDEL', task, 'instance', 'owner', 'fence', 'stage', 'started')
if cancelled then
  close(id, user, 'cancelled')
else
  redis.call('HSET', task, 'state', 'queued')
  redis.call('ZADD', keys.waiting, redis.call('HGET', task, 'submitted'), id)
  settle(user)
  put_first(user, id, math.max(setting('v'), tag_of(id)))
  note('requeued', id, user, reason)
end
refresh(user)
return 1
