-- with: shared/limits.lua
--
-- The order of the queue: start tags. A task's tag is the round in which it starts; a user's tasks stand one step
-- apart; the virtual time `v` is the largest tag that has started, and no counted task ever stands before it.

-- One round. A user of weight 2 would have two turns in it.
local STRIDE = 1

local function step_of(user)
  return STRIDE / tonumber(redis.call('HGET', keys.user .. user, 'weight') or '1')
end

-- The user's waiting tasks, next first.
local function waiting_of(user)
  return redis.call('LRANGE', keys.queue .. user, 0, -1)
end

local function tag_of(id)
  return tonumber(redis.call('HGET', keys.task .. id, 'tag'))
end

-- Counts the tasks of the whole lab as they arrive. It is the task's number, negative when it was put in front, as at
-- ComfyUI.
local function next_arrival()
  return redis.call('HINCRBY', keys.limits, 'seq', 1)
end

-- A task's name in `order`: its arrival first, so that ties of the tag go by it.
local function new_member(arrival, id)
  return string.format('%016d:%s', arrival, id)
end

local function arrival_of(member)
  return tonumber(member:sub(1, 16))
end

local function member_of(id)
  return redis.call('HGET', keys.task .. id, 'member')
end

local function id_of(member)
  return member:sub(18)
end

-- Whether the user's waiting tasks stand in the order.
local function is_counted(user)
  return redis.call('HEXISTS', keys.user .. user, 'blocked') == 0
end

-- Gives a waiting task its tag, and with it its place in the order if it is counted.
local function set_tag(id, tag, counted)
  redis.call('HSET', keys.task .. id, 'tag', tag)
  if counted then
    redis.call('ZADD', keys.order, tag, member_of(id))
  end
end

-- Moves these tasks of a user back to `tag` and steps behind it, up to the first that stands far enough back.
local function push_back(user, ids, tag)
  local step, counted = step_of(user), is_counted(user)
  for index, id in ipairs(ids) do
    if tag_of(id) >= tag then
      return
    end
    set_tag(id, tag, counted)
    if index == #ids then
      redis.call('HSET', keys.user .. user, 'last', tag)
    end
    tag = tag + step
  end
end

-- No credit for lag: the tasks of a user who could not start follow the virtual time.
local function lift(user)
  push_back(user, waiting_of(user), setting('v'))
end

-- Puts a task at the end of its user's list: one step behind the last, and not before the round that starts now.
local function put_last(user, id)
  local last = tonumber(redis.call('HGET', keys.user .. user, 'last') or '-1')
  local tag = math.max(setting('v'), last + step_of(user))
  redis.call('HSET', keys.user .. user, 'last', tag)
  redis.call('RPUSH', keys.queue .. user, id)
  set_tag(id, tag, is_counted(user))
end

-- Puts a task with this tag at the head of its user's list; the others make room.
local function put_first(user, id, tag)
  local others = waiting_of(user)
  if tag > tonumber(redis.call('HGET', keys.user .. user, 'last')) then
    redis.call('HSET', keys.user .. user, 'last', tag)
  end
  push_back(user, others, tag + step_of(user))
  redis.call('LPUSH', keys.queue .. user, id)
  set_tag(id, tag, is_counted(user))
end

-- Puts a new task at the end of its user's list, or at its front.
local function put(user, id, in_front)
  local first = waiting_of(user)[1]
  if in_front and first then
    put_first(user, id, tag_of(first))
  else
    put_last(user, id)
  end
end

-- Removes a waiting task from its user's list; each later one moves up to the place before it.
local function close_gap(user, id)
  local free = tag_of(id)
  local last = free - step_of(user)
  local behind, counted = false, is_counted(user)
  for _, other in ipairs(waiting_of(user)) do
    if behind then
      local own = tag_of(other)
      set_tag(other, free, counted)
      last, free = free, own
    end
    behind = behind or other == id
  end
  redis.call('LREM', keys.queue .. user, 1, id)
  redis.call('HSET', keys.user .. user, 'last', last)
end
