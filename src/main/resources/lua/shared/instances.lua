-- with: shared/pools.lua
--
-- The state of an instance, and its circuit breaker. `up`: it gets tasks. `down`: it does not answer, or not as ComfyUI
-- does. `ill`: it answers, but took, began or kept no task. `fenced`: something may still run there. `trial`: it gets
-- one task at a time, until one has run.
--
-- Only a task that the instance did not run is a fault: an unreachable instance is none. The first fault may be chance.
-- From the second in a row on, the circuit opens: the instance gets nothing for a pause, which doubles with each fault
-- (exponential backoff). After it the instance is on trial (half-open). A run that came to its end closes the circuit;
-- that the instance answers does not.

local FIRST_PAUSE_MS = 1000

-- How many faults in a row an instance has; after twice the longest pause without another they do not count.
local function faults_of(name)
  local faults, last = unpack(redis.call('HMGET', keys.instance .. name, 'faults', 'faulted'))
  local forgiven_ms = math.max(2 * setting('max_backoff_ms'), 600000)
  return last and now_ms - tonumber(last) < forgiven_ms and tonumber(faults) or 0
end

local function is_in_service(state)
  return state == 'up' or state == 'trial'
end

-- When the pause of an instance after its faults ends; 0 for no pause.
local function pause_end(name)
  local faults = faults_of(name)
  local last = redis.call('HGET', keys.instance .. name, 'faulted')
  return faults > 1 and tonumber(last) + math.min(FIRST_PAUSE_MS * 2 ^ (faults - 2), setting('max_backoff_ms')) or 0
end

local function is_paused(name)
  return now_ms < pause_end(name)
end

-- The same outage without its times, or with these. An older Anteroom stored a sentence, which stays as it is.
local function timed(reason, since, ends)
  local kind, name, detail = reason:match('^(%l+)|([^|]*)|[^|]*|[^|]*|(.*)$')
  return kind and outage(kind, name, since, ends, detail) or reason
end

-- Puts an instance into this state, and updates its users.
local function put_instance(name, state, reason)
  local ends = state == 'ill' and is_paused(name) and pause_end(name) or nil
  redis.call('HSET', keys.instance .. name, 'state', state, 'reason', timed(reason, now_ms, ends), 'since', now_ms)
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

-- Puts an instance back into service.
local function put_in_service(name)
  if faults_of(name) > 0 then
    put_instance(name, 'trial', outage('trial', name))
  else
    put_instance(name, 'up', '')
  end
end

-- Counts a fault with a task that the instance got at this time. Returns whether the instance gets no tasks for a while
-- because of it. A late fault of an instance that is out already does not count, nor does one with a task from before
-- the latest fault: one crash ends all that run there, and is one fault.
local function count_fault(name, kind, reason, tried)
  local row = keys.instance .. name
  local state, last = unpack(redis.call('HMGET', row, 'state', 'faulted'))
  if not is_in_service(state) then
    return false
  end
  if kind == 'unreachable' then
    put_instance(name, 'down', reason)
    return false
  end
  if last and tried and tonumber(tried) < tonumber(last) then
    return false
  end
  local faults = math.max(faults_of(name) + 1, kind == 'stalled' and 2 or 1)
  redis.call('HSET', row, 'faults', faults, 'faulted', now_ms)
  if faults > 1 then
    put_instance(name, 'ill', reason)
  end
  return faults > 1
end

-- A run came to its end there: the instance works.
local function close_circuit(name)
  redis.call('HINCRBY', keys.instance .. name, 'ends', 1)
  local state = redis.call('HGET', keys.instance .. name, 'state')
  if not is_in_service(state) then
    return
  end
  redis.call('HDEL', keys.instance .. name, 'faults', 'faulted')
  if state == 'trial' then
    put_instance(name, 'up', '')
  end
end

-- How many rounds later a task waits again that its instance did not run: the cause may be this very task, so the next
-- try is another user's, if one waits for the same pool.
local function rounds_behind(user)
  local pool = redis.call('HGET', keys.user .. user, 'pool')
  for _, other in ipairs(redis.call('SMEMBERS', keys.users)) do
    if other ~= user and redis.call('HGET', keys.user .. other, 'pool') == pool
      and redis.call('EXISTS', keys.queue .. other) == 1 then
      return 1
    end
  end
  return 0
end
