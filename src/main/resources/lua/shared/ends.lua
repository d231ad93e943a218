-- with: shared/tasks.lua, shared/pools.lua, shared/requests.lua
--
-- How a task leaves the queue or its permit, and how it ends.

-- Removes a waiting task from the queue; its user's later ones move up.
local function leave_queue(id, user)
  close_gap(user, id)
  redis.call('ZREM', keys.order, member_of(id))
  redis.call('ZREM', keys.waiting, id)
end

-- Releases the slot that a processing task has.
local function release_slot(id)
  local instance = redis.call('HGET', keys.task .. id, 'instance')
  if redis.call('HINCRBY', keys.slots, instance, -1) == 0 then
    redis.call('HDEL', keys.slots, instance)
    end_drain(instance)
  end
  local pool = redis.call('HGET', keys.instance .. instance, 'pool')
  if pool then
    refresh_pool(pool)
  end
end

-- Releases the permit, the slot and the user's run that a processing task has. Called for the holder of the claim only.
local function release_permit(id, user)
  redis.call('ZREM', keys.processing, id)
  redis.call('ZREM', keys.running .. user, id)
  release_slot(id)
end

-- A user without a task that waits or runs is no longer tracked.
local function untrack(user)
  if redis.call('EXISTS', keys.queue .. user, keys.running .. user) == 0 then
    redis.call('SREM', keys.users, user)
  end
end

-- Rejects a task that left the queue or its permit, as if it had never been: its submitter gets the refusal as the
-- answer. The error is kept for a minute, for a submitter that asks later.
local function reject(id, user)
  uncount_request(id, user)
  redis.call('HSET', keys.task .. id, 'state', 'failed', 'rejected', 1)
  redis.call('EXPIRE', keys.task .. id, 60)
  redis.call('UNLINK', keys.body .. id, keys.secrets .. id)
  untrack(user)
  count_event('rejected')
end

-- Ends a task that no longer waits or runs: its secrets are deleted, its outcome is kept for a while, and its request
-- as far as there is room.
local function close(id, user, state)
  local keep_s = setting('keep_s')
  redis.call('HSET', keys.task .. id, 'state', state, 'finished', now_ms)
  redis.call('EXPIRE', keys.task .. id, keep_s)
  redis.call('DEL', keys.secrets .. id)
  redis.call('ZADD', keys.ended .. user, now_ms, id)
  for _, old in ipairs(redis.call('ZRANGE', keys.ended .. user, 0, -201)) do
    forget_request(old)
    redis.call('ZREM', keys.ended .. user, old)
  end
  keep_request(id, user, keep_s)
  redis.call('EXPIRE', keys.ended .. user, keep_s)
  untrack(user)
  count_event(state)
end

-- Returns a processing task to the head of its user's list, so many rounds later. A cancelled one ends.
local function requeue(id, rounds)
  local task = keys.task .. id
  local user, cancelled = unpack(redis.call('HMGET', task, 'user', 'cancelled'))
  release_permit(id, user)
  redis.call('HSET', task, 'given_up', redis.call('HGET', task, 'fence'))
  redis.call('HDEL', task, 'instance', 'address', 'owner', 'fence', 'stage', 'started')
  if cancelled then
    close(id, user, 'cancelled')
  else
    redis.call('HSET', task, 'state', 'queued')
    redis.call('ZADD', keys.waiting, redis.call('HGET', task, 'submitted'), id)
    settle(user)
    put_first(user, id, math.max(setting('v'), tag_of(id)) + rounds * step_of(user))
    count_event('requeued')
  end
  refresh(user)
end
