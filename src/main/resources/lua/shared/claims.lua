-- with: shared/memory.lua, shared/tasks.lua, shared/pools.lua, shared/requests.lua
--
-- Claims: which owner may run or watch which task.

-- Whether this fence is the task's and it still holds its place.
local function is_valid(id, fence)
  return redis.call('HGET', keys.task .. id, 'fence') == fence
    and redis.call('ZSCORE', keys.processing, id) ~= false
end

-- Whether a claim was made by a store that was ahead of this one: the task waits, and no known claim of it is as young
-- as this one.
local function was_lost(id, fence)
  local state, given_up = unpack(redis.call('HMGET', keys.task .. id, 'state', 'given_up'))
  return state == 'queued' and tonumber(fence) > tonumber(given_up or '0')
end

-- A claim as names and values; with its request if that is sent at once and has a single part.
local function describe_claim(id, is_sent)
  local row = redis.call('HGETALL', keys.task .. id)
  local started = redis.call('HGET', keys.task .. id, 'started')
  local running_ms = started and now_ms - tonumber(started) or 0
  local parts, length = size_of(id, keys.body .. id)
  local unanswered = is_unanswered(id) and '1' or '0'
  for _, value in ipairs({'id', id, 'running_ms', tostring(running_ms), 'unanswered', unanswered,
    'parts', tostring(parts), 'length', tostring(length)}) do
    row[#row + 1] = value
  end
  if is_sent and parts == 1 then
    for _, value in ipairs({'first', part_of(id, 0) or '', 'secrets', redis.call('GET', keys.secrets .. id) or ''}) do
      row[#row + 1] = value
    end
  end
  return row
end

-- Assigns a processing task to this owner, under a new fence and a new lease.
local function assign(id, owner)
  redis.call('HSET', keys.task .. id, 'owner', owner, 'fence', next_fence())
  redis.call('ZADD', keys.processing, lease_end(), id)
end

-- Starts a waiting task for this owner: it takes a permit, a slot of this instance, and one of its user's runs.
local function start(id, instance, owner)
  local task = keys.task .. id
  local user, member = unpack(redis.call('HMGET', task, 'user', 'member'))
  redis.call('LREM', keys.queue .. user, 1, id)
  redis.call('ZREM', keys.order, member)
  redis.call('ZREM', keys.waiting, id)
  redis.call('ZADD', keys.running .. user, arrival_of(member), id)
  redis.call('HINCRBY', keys.slots, instance, 1)
  redis.call('HINCRBY', task, 'attempts', 1)
  redis.call('HSET', task, 'state', 'processing', 'stage', 'claimed', 'instance', instance, 'tried', now_ms,
    'address', redis.call('HGET', keys.instance .. instance, 'address') or '')
  assign(id, owner)
  raise_time(tag_of(id))
  refresh(user)
end

-- The first task that may start at an instance of this list, and that instance; nil when there is none. With the list
-- in force that is the first of all.
local function next_start(list)
  local is_in_force = list == redis.call('HGET', keys.limits, 'list')
  for _, member in ipairs(redis.call('ZRANGE', keys.ready, 0, is_in_force and 0 or -1)) do
    local user = redis.call('HGET', keys.task .. id_of(member), 'user')
    local instance = free_instance(redis.call('HGET', keys.user .. user, 'pool'), not is_in_force and list or nil)
    if instance then
      return member, instance
    end
  end
end

-- Claims the next task that an owner with this list of instances can run, with everything that it needs; nil when the
-- limit is reached or there is none.
local function claim_next(owner, list)
  if not startable() then
    return nil
  end
  local member, instance = next_start(list)
  if not member then
    return nil
  end
  redis.call('ZREM', keys.ready, member)
  start(id_of(member), instance, owner)
  count_event('claimed')
  return describe_claim(id_of(member), true)
end
