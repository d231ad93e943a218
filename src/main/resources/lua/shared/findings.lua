-- with: shared/claims.lua, shared/ends.lua
--
-- What was found at the instances, and what follows for tasks that the store has otherwise. Where a task was found
-- counts for more than what is stored: the store may have lost its claim, or its submit.

-- The places in which a task can be found, the furthest first. What is behind another finding of the task is a double.
local PLACES = {'running', 'ended', 'pending'}

-- Reads so many findings from the arguments into the lists of their places.
local function read_findings(lists, instance, first, count)
  for at = first, first + 5 * (count - 1), 5 do
    local place, id, user, client, attempt = unpack(ARGV, at, at + 4)
    table.insert(lists[place], {id = id, user = user, client = client, attempt = attempt, instance = instance})
  end
end

-- A task whose submit was lost is there again, without its request.
local function make_again(found)
  local arrival = next_arrival()
  local pool, left = unpack(redis.call('HMGET', keys.instance .. found.instance, 'pool', 'left'))
  redis.call('HSETNX', keys.user .. found.user, 'pool', pool or left)
  redis.call('HSET', keys.task .. found.id, 'user', found.user, 'state', 'processing', 'number', arrival,
    'submitted', now_ms, 'tag', setting('v'), 'client', found.client, 'member', new_member(arrival, found.id))
  redis.call('SADD', keys.users, found.user)
  redis.call('ZADD', keys.running .. found.user, arrival, found.id)
  redis.call('HINCRBY', keys.slots, found.instance, 1)
end

-- Anybody may watch it now, and nobody who had a claim of it before may change it any more.
local function leave_to_all(found)
  redis.call('HSET', keys.task .. found.id, 'stage', 'submitting', 'attempts', found.attempt,
    'instance', found.instance, 'address', redis.call('HGET', keys.instance .. found.instance, 'address') or '')
  redis.call('HDEL', keys.task .. found.id, 'answer_by')
  give(found.id, '')
  redis.call('ZADD', keys.processing, 0, found.id)
  count_event('recovered')
end

-- Makes the store agree with where a task was found. Answers whether it did not.
local function mend(found, place)
  local task = keys.task .. found.id
  local state, instance, stage = unpack(redis.call('HMGET', task, 'state', 'instance', 'stage'))
  if not state and place ~= 'ended' then
    make_again(found)
  elseif state == 'queued' then
    start(found.id, found.instance, '')
  elseif state == 'processing' and instance ~= found.instance then
    leave_slot(found.id)
    redis.call('HINCRBY', keys.slots, found.instance, 1)
  else
    if state == 'processing' and stage == 'claimed' then
      redis.call('HSET', task, 'stage', 'submitting')
    end
    return false
  end
  leave_to_all(found)
  return true
end

-- Makes the store agree with all findings. Answers the ids of the tasks that it had otherwise, and the doubles that
-- wait at an instance, as instance and id in turn.
local function mend_all(lists)
  local again, doubles, furthest = {}, {}, {}
  for _, place in ipairs(PLACES) do
    for _, found in ipairs(lists[place]) do
      local is_over = furthest[found.id] or redis.call('HEXISTS', keys.task .. found.id, 'finished') == 1
      if place == 'pending' and is_over then
        table.insert(doubles, found.instance)
        table.insert(doubles, found.id)
      elseif not furthest[found.id] and mend(found, place) then
        table.insert(again, found.id)
      end
      furthest[found.id] = true
    end
  end
  return again, doubles
end
