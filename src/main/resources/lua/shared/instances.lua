-- with: shared/pools.lua
--
-- How an instance is, and its circuit. `up`: it gets tasks. `down`: it does not answer. `ill`: it answers, but took or
-- began no task. `fenced`: something may still run there. `trial`: it gets one task at a time, until one has run.
--
-- The first fault may be chance. From the second in a row on an instance gets nothing for a pause, which doubles with
-- each fault; then it is on trial. A run that came to its end closes the circuit; that it answers does not.

local FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 1000, 300000

-- How many faults in a row an instance has; those long ago do not count.
local function faults_of(name)
  local faults, last = unpack(redis.call('HMGET', keys.instance .. name, 'faults', 'faulted'))
  return last and now_ms - tonumber(last) < 2 * LONGEST_PAUSE_MS and tonumber(faults) or 0
end

local function is_in_service(state)
  return state == 'up' or state == 'trial'
end

local function is_paused(name)
  local faults = faults_of(name)
  local last = redis.call('HGET', keys.instance .. name, 'faulted')
  return faults > 1 and now_ms < tonumber(last) + math.min(FIRST_PAUSE_MS * 2 ^ (faults - 2), LONGEST_PAUSE_MS)
end

-- Puts an instance into this state; its users learn of it.
local function put_instance(name, state, reason)
  redis.call('HSET', keys.instance .. name, 'state', state, 'reason', reason)
  local pool = redis.call('HGET', keys.instance .. name, 'pool')
  if not pool then
    return
  end
  for _, user in ipairs(redis.call('SMEMBERS', keys.users)) do
    if redis.call('HGET', keys.user .. user, 'pool') == pool then
      settle(user)
    end
  end
  refresh_pool(pool)
end

-- Lets an instance have tasks again.
local function put_in_service(name)
  put_instance(name, faults_of(name) > 1 and 'trial' or 'up', '')
end

-- Counts a fault that kept a task from running. Answers whether the instance gets no tasks for a while because of it.
-- What comes late of an instance that is out already does not count.
local function count_fault(name, kind, reason)
  local row = keys.instance .. name
  if not is_in_service(redis.call('HGET', row, 'state')) then
    return false
  end
  local faults = math.max(faults_of(name) + 1, kind == 'stalled' and 2 or 1)
  redis.call('HSET', row, 'faults', faults, 'faulted', now_ms)
  if kind == 'unreachable' or faults > 1 then
    put_instance(name, kind == 'unreachable' and 'down' or 'ill', reason)
  end
  return faults > 1
end

-- A run came to its end there: the instance works.
local function close_circuit(name)
  local state = redis.call('HGET', keys.instance .. name, 'state')
  if not is_in_service(state) then
    return
  end
  redis.call('HDEL', keys.instance .. name, 'faults', 'faulted')
  if state == 'trial' then
    put_instance(name, 'up', '')
  end
end
