-- with: shared/clock.lua, shared/order.lua
--
-- Which task each pool would start next. `heads` of a pool holds the first task of each of its users who may start one;
-- `ready` holds the first of these for each pool with a free slot. So a claim does not visit users who are busy.

-- An outage as it is stored, worded by `task.InstanceOutage`: kind, instance, since when, until when the instance gets
-- no task, and a detail.
local function outage(kind, name, since, ends, detail)
  return table.concat({kind, name, since or '', ends or '', detail or ''}, '|')
end

-- The state of an instance, and why. One whose own queue must still be read may run more than is known: it counts as
-- down.
local function state_of(name)
  local state, reason, unread = unpack(redis.call('HMGET', keys.instance .. name, 'state', 'reason', 'unread'))
  if unread and (state == 'up' or state == 'trial') then
    return 'down', outage('unread', name)
  end
  return state, reason
end

-- Whether an instance gets tasks, and has at most one fault in a row.
local function is_well(name, state)
  local faults = tonumber(redis.call('HGET', keys.instance .. name, 'faults') or '0')
  return state == 'up' or state == 'trial' and faults < 2
end

-- Whether a list of instances has this one, under the address that is in force.
local function is_listed(list, name)
  local address = redis.call('HGET', keys.instance .. name, 'address') or ''
  return redis.call('SISMEMBER', keys.listed .. list, name .. ' ' .. address) == 1
end

-- The pool's instance that is in service, has a free slot and runs the fewest; nil when there is none. One on trial has
-- a single slot. With a list, only of those that stand in it.
local function free_instance(pool, list)
  local names = redis.call('SMEMBERS', keys.pool .. pool)
  table.sort(names)
  local best, fewest
  for _, name in ipairs(names) do
    local slots = redis.call('HGET', keys.instance .. name, 'slots')
    local running = tonumber(redis.call('HGET', keys.slots, name) or '0')
    local state = state_of(name)
    local room = state == 'up' and tonumber(slots) or state == 'trial' and 1 or 0
    if running < room and (not fewest or running < fewest) and (not list or is_listed(list, name)) then
      best, fewest = name, running
    end
  end
  return best
end

-- Why nothing can start in a pool without instances: its last one drains, or there is none.
local function outage_of_empty(pool)
  for _, name in ipairs(redis.call('SMEMBERS', keys.draining)) do
    if redis.call('HGET', keys.instance .. name, 'left') == pool then
      return outage('draining', name)
    end
  end
  return outage('missing', pool)
end

-- Why nothing of this pool can start at all; nil while one of its instances is in service. Then whether one is well,
-- and what the users see while all that are in service are on trial.
local function outage_of(pool)
  local names = redis.call('SMEMBERS', keys.pool .. pool)
  table.sort(names)
  local reason, trial, well
  for _, name in ipairs(names) do
    local state, because = state_of(name)
    if state == 'up' then
      return nil, true
    end
    trial = trial or state == 'trial' and because
    well = well or is_well(name, state)
    reason = reason or because and because ~= '' and because or outage('silent', name)
  end
  if trial then
    return nil, well, trial
  end
  return reason or outage_of_empty(pool)
end

-- Puts the pool's first head into `ready` while a slot is free, and removes the one before.
local function refresh_pool(pool)
  local before = redis.call('HGET', keys.firsts, pool)
  local first = free_instance(pool) and redis.call('ZRANGE', keys.heads .. pool, 0, 0, 'WITHSCORES') or {}
  if before and before ~= first[1] then
    redis.call('ZREM', keys.ready, before)
    redis.call('HDEL', keys.firsts, pool)
  end
  if first[1] then
    redis.call('ZADD', keys.ready, first[2], first[1])
    redis.call('HSET', keys.firsts, pool, first[1])
  end
end

-- Puts the user's first task among the heads of the pool while the user may start one. Returns the pool.
local function show_head(user)
  local row = keys.user .. user
  local pool, shown, blocked = unpack(redis.call('HMGET', row, 'pool', 'head', 'blocked'))
  local free = not blocked and redis.call('ZCARD', keys.running .. user) < setting('user_running')
  local id = free and redis.call('LINDEX', keys.queue .. user, 0)
  local member = id and member_of(id)
  if shown and shown ~= member then
    redis.call('ZREM', keys.heads .. pool, shown)
    redis.call('HDEL', row, 'head')
  end
  if member then
    redis.call('ZADD', keys.heads .. pool, tag_of(id), member)
    redis.call('HSET', row, 'head', member)
  end
  return pool
end

-- Call it after any change of a user.
local function refresh(user)
  refresh_pool(show_head(user))
end

-- Blocks the user whose pool is out: the tasks wait uncounted, with the reason. Counts them again when it is no longer
-- out. That it was out is deleted when one of its instances is well again, not while one is on trial after several
-- faults.
local function settle(user)
  local row = keys.user .. user
  local pool, before = unpack(redis.call('HMGET', row, 'pool', 'blocked'))
  local reason, well, trial = outage_of(pool)
  if trial and trial ~= '' then
    redis.call('HSET', row, 'trial', trial)
  else
    redis.call('HDEL', row, 'trial')
  end
  if well then
    redis.call('HDEL', row, 'out')
  end
  if reason then
    redis.call('HSET', row, 'blocked', reason)
    redis.call('HSETNX', row, 'out', now_ms)
    for _, id in ipairs(waiting_of(user)) do
      redis.call('ZREM', keys.order, member_of(id))
    end
  elseif before then
    redis.call('HDEL', row, 'blocked')
    lift(user)
    for _, id in ipairs(waiting_of(user)) do
      redis.call('ZADD', keys.order, tag_of(id), member_of(id))
    end
  end
  show_head(user)
end

-- Makes this the user's pool; what waits in another one follows.
local function follow(user, pool)
  local row = keys.user .. user
  local before, shown = unpack(redis.call('HMGET', row, 'pool', 'head'))
  redis.call('HSET', row, 'pool', pool)
  if shown and before ~= pool then
    redis.call('HDEL', row, 'head')
    redis.call('ZREM', keys.heads .. before, shown)
    refresh_pool(before)
  end
  settle(user)
end

-- Raises the virtual time to the tag that starts now, and lifts every task before it. Terminates whatever the keys
-- hold.
local function raise_time(tag)
  if tag <= setting('v') then
    return
  end
  redis.call('HSET', keys.limits, 'v', tag)
  local pools, lifted = {}, nil
  local first = redis.call('ZRANGE', keys.order, 0, 0, 'WITHSCORES')
  while first[1] and first[1] ~= lifted and tonumber(first[2]) < tag do
    lifted = first[1]
    local user = redis.call('HGET', keys.task .. id_of(lifted), 'user')
    lift(user)
    pools[show_head(user)] = true
    first = redis.call('ZRANGE', keys.order, 0, 0, 'WITHSCORES')
  end
  for pool in pairs(pools) do
    refresh_pool(pool)
  end
end

-- Takes an instance out of its pool, which it returns; whether it was fenced is kept.
local function take_out(name)
  local row = keys.instance .. name
  local pool = redis.call('HGET', row, 'pool')
  redis.call('SREM', keys.pool .. pool, name)
  redis.call('SREM', keys.instances, name)
  redis.call('HDEL', row, 'pool', 'slots')
  return pool
end

-- Deletes an instance that drains as soon as nothing runs there; a store that has just come back may not know all runs.
local function end_drain(name)
  local is_idle = redis.call('HEXISTS', keys.slots, name) == 0 and is_recovered()
  if is_idle and redis.call('SREM', keys.draining, name) == 1 then
    redis.call('HDEL', keys.instance .. name, 'left', 'address', 'unread')
  end
end

-- Removes an instance that is no longer listed from its pool, which it returns. While tasks run there it drains: it
-- gets no other, and is kept until the last of them has ended.
local function remove_instance(name)
  local pool = take_out(name)
  redis.call('SADD', keys.draining, name)
  redis.call('HSET', keys.instance .. name, 'left', pool)
  end_drain(name)
  return pool
end

-- Puts an instance into a pool; one that drains is in service again. Returns the pool where it was before, if any.
local function place_instance(name, pool, slots, address)
  local known = redis.call('SISMEMBER', keys.instances, name) == 1
  local before = known and take_out(name) or nil
  redis.call('SREM', keys.draining, name)
  redis.call('HDEL', keys.instance .. name, 'left')
  redis.call('HSET', keys.instance .. name, 'pool', pool, 'slots', slots, 'address', address)
  redis.call('HSETNX', keys.instance .. name, 'state', 'up')
  redis.call('SADD', keys.instances, name)
  redis.call('SADD', keys.pool .. pool, name)
  return before
end

-- Call it after changes of many: updates all users and all pools.
local function settle_all()
  for _, user in ipairs(redis.call('SMEMBERS', keys.users)) do
    settle(user)
  end
  for _, name in ipairs(redis.call('SMEMBERS', keys.instances)) do
    refresh_pool(redis.call('HGET', keys.instance .. name, 'pool'))
  end
end
