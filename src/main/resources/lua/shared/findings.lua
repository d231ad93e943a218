-- with: shared/claims.lua, shared/ends.lua
--
-- Reconciles the store with what was found at the instances. Where a task was found overrides what is stored: the store
-- may have lost its claim, or its submit.

-- The places in which a task can be found, the furthest first. A finding behind another one of the same task is a
-- double.
local PLACES = {'running', 'ended', 'pending'}

-- Reads this many findings from the arguments into the lists of their places.
local function read_findings(lists, instance, first, count)
  for at = first, first + 5 * (count - 1), 5 do
    local place, id, user, client, attempt = unpack(ARGV, at, at + 4)
    table.insert(lists[place], {id = id, user = user, client = client, attempt = attempt, instance = instance})
  end
end

-- Stores a task whose submit was lost once more, without its request.
local function restore(found)
  local arrival = next_arrival()
  local pool, left = unpack(redis.call('HMGET', keys.instance .. found.instance, 'pool', 'left'))
  redis.call('HSETNX', keys.user .. found.user, 'pool', pool or left)
  redis.call('HSET', keys.task .. found.id, 'user', found.user, 'state', 'processing', 'number', arrival,
    'submitted', now_ms, 'tag', setting('v'), 'client', found.client, 'member', new_member(arrival, found.id))
  redis.call('SADD', keys.users, found.user)
  redis.call('ZADD', keys.running .. found.user, arrival, found.id)
  redis.call('HINCRBY', keys.slots, found.instance, 1)
end

-- Any owner may adopt it now, and no earlier claim of it is valid any longer.
local function make_adoptable(found)
  redis.call('HSET', keys.task .. found.id, 'stage', 'submitting', 'attempts', found.attempt,
    'instance', found.instance, 'address', redis.call('HGET', keys.instance .. found.instance, 'address') or '')
  redis.call('HDEL', keys.task .. found.id, 'answer_by')
  assign(found.id, '')
  redis.call('ZADD', keys.processing, 0, found.id)
  count_event('recovered')
end

-- Reconciles the store with where a task was found. Returns whether they differed.
local function reconcile(found, place)
  local task = keys.task .. found.id
  local state, instance, stage = unpack(redis.call('HMGET', task, 'state', 'instance', 'stage'))
  if not state and place ~= 'ended' then
    restore(found)
  elseif state == 'queued' then
    start(found.id, found.instance, '')
  elseif state == 'processing' and instance ~= found.instance then
    release_slot(found.id)
    redis.call('HINCRBY', keys.slots, found.instance, 1)
  else
    if state == 'processing' and stage == 'claimed' then
      redis.call('HSET', task, 'stage', 'submitting')
    end
    return false
  end
  make_adoptable(found)
  return true
end

-- Reconciles the store with all findings. Returns the ids of the tasks that differed, and the doubles that wait at an
-- instance, as instance and id in turn.
local function reconcile_all(lists)
  local again, doubles, furthest = {}, {}, {}
  for _, place in ipairs(PLACES) do
    for _, found in ipairs(lists[place]) do
      local is_over = furthest[found.id] or redis.call('HEXISTS', keys.task .. found.id, 'finished') == 1
      if place == 'pending' and is_over then
        table.insert(doubles, found.instance)
        table.insert(doubles, found.id)
      elseif not furthest[found.id] and reconcile(found, place) then
        table.insert(again, found.id)
      end
      furthest[found.id] = true
    end
  end
  return again, doubles
end
