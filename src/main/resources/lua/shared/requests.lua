-- with: shared/clock.lua
--
-- The requests of tasks, which are written and read by `PayloadCodec` alone. Those of ended ones are kept without their
-- secrets for as long as their outcomes, so that an ended run can be loaded as a workflow. Where they have no room, the
-- oldest go first.

-- The most bytes of kept requests of one user, and of all users together.
local USER_ROOM, ROOM = 8 * 1024 * 1024, 128 * 1024 * 1024

-- How many bytes each part of a text has when it is read in parts.
local PART = 448 * 1024

-- The present room for all users: an eighth of Redis' maxmemory at most, and none once that is three quarters full.
local function room_of_all()
  local info = redis.call('INFO', 'memory')
  local max = tonumber(info:match('\nmaxmemory:(%d+)') or '0')
  if max == 0 then
    return ROOM
  end
  return tonumber(info:match('\nused_memory:(%d+)')) < max * 0.75 and math.min(ROOM, max / 8) or 0
end

local function kept_bytes(user)
  return tonumber(redis.call('HGET', keys.ended_bytes, user) or '0')
end

local function is_list(key)
  return redis.call('TYPE', key).ok == 'list'
end

-- How many parts the request of a task has, and how many bytes as it is sent. In formats before 3 it is a text under
-- this key.
local function size_of(id, key)
  local parts, length = unpack(redis.call('HMGET', keys.task .. id, 'parts', 'length'))
  if not parts and not is_list(key) then
    length = redis.call('STRLEN', key)
    parts = math.ceil(length / PART)
  end
  return tonumber(parts or '0'), tonumber(length or '0')
end

-- One part of the request of a task that has not ended, from 0 on; nil if it does not exist.
local function part_of(id, index)
  local key = keys.body .. id
  if is_list(key) then
    return redis.call('LINDEX', key, index) or nil
  end
  local is_text = redis.call('HEXISTS', keys.task .. id, 'parts') == 0
  local first = is_text and index * PART or 0
  local part = redis.call('GETRANGE', key, first, is_text and first + PART - 1 or -1)
  return part ~= '' and (is_text or index == 0) and part or nil
end

-- Which limit this many more bytes of this user would exceed, as a reply; nil when they fit.
local function lacking_room(user, bytes, user_max, max)
  local own, all = tonumber(redis.call('HGET', keys.bytes, user) or '0'), setting('bytes')
  if own + bytes > user_max then
    return {'user_bytes', own, bytes, user_max}
  end
  return all + bytes > max and {'all_bytes', all, bytes, max} or nil
end

-- A new request as it stands in the arguments, from this one on.
local function request_of(args, first)
  local part, secrets, parts, length, bytes, staging, user_max, max = unpack(args, first, first + 7)
  return {part = part, secrets = secrets, parts = parts, length = length, bytes = tonumber(bytes),
    staging = staging ~= '' and keys.staging .. staging, user_max = tonumber(user_max), max = tonumber(max)}
end

-- Why a new request cannot be stored, as a reply; nil when it can.
local function objection_to(request, user)
  if request.staging and redis.call('LLEN', request.staging) ~= tonumber(request.parts) then
    return {'unstaged'}
  end
  return lacking_room(user, request.bytes, request.user_max, request.max)
end

-- Adds this many bytes to the counts; negative to subtract.
local function count_bytes(user, bytes)
  redis.call('HINCRBY', keys.limits, 'bytes', bytes)
  if redis.call('HINCRBY', keys.bytes, user, bytes) <= 0 then
    redis.call('HDEL', keys.bytes, user)
  end
end

-- Stores the request of a new task: its only part, or the staged parts; its secrets apart, for a month at most in case
-- the end of the task is written by a node that does not know them.
local function store_request(id, user, request)
  if request.staging then
    redis.call('RENAME', request.staging, keys.body .. id)
    redis.call('PERSIST', keys.body .. id)
  else
    redis.call('SET', keys.body .. id, request.part)
  end
  if request.secrets ~= '' then
    redis.call('SET', keys.secrets .. id, request.secrets, 'EX', 2592000)
  end
  redis.call('HSET', keys.task .. id, 'parts', request.parts, 'length', request.length, 'bytes', request.bytes)
  count_bytes(user, request.bytes)
end

-- Removes the request of a task that has not ended from the counts; returns how many bytes it had.
local function uncount_request(id, user)
  local bytes = redis.call('HGET', keys.task .. id, 'bytes')
  if bytes then
    count_bytes(user, -tonumber(bytes))
  end
  return redis.call('EXISTS', keys.body .. id) == 1 and tonumber(bytes or redis.call('STRLEN', keys.body .. id)) or 0
end

-- Deletes a kept request, by its name in `ended_bodies`: id, bytes, user.
local function drop_request(name)
  local id, bytes, user = name:match('^(%S+) (%d+) (.*)$')
  redis.call('UNLINK', keys.ended_body .. id)
  redis.call('ZREM', keys.ended_bodies, name)
  redis.call('HDEL', keys.task .. id, 'kept')
  redis.call('HINCRBY', keys.limits, 'ended_bytes', -bytes)
  if redis.call('HINCRBY', keys.ended_bytes, user, -bytes) == 0 then
    redis.call('HDEL', keys.ended_bytes, user)
  end
end

-- Deletes the kept request of this task, if there is one.
local function forget_request(id)
  local name = redis.call('HGET', keys.task .. id, 'kept')
  if name then
    drop_request(name)
  end
end

-- Deletes the oldest kept requests of the user, and of all, until the others fit.
local function make_room(user)
  local room = room_of_all()
  for _, id in ipairs(kept_bytes(user) > USER_ROOM and redis.call('ZRANGE', keys.ended .. user, 0, -1) or {}) do
    if kept_bytes(user) > USER_ROOM then
      forget_request(id)
    end
  end
  while setting('ended_bytes') > room and redis.call('EXISTS', keys.ended_bodies) == 1 do
    drop_request(redis.call('ZRANGE', keys.ended_bodies, 0, 0)[1])
  end
end

-- Keeps the request of a task that ends now. One that contains its secrets, as in format 1, is deleted; so is one that
-- has no room even alone.
local function keep_request(id, user, keep_s)
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', keys.ended_bodies, 0, now_ms - keep_s * 1000, 'LIMIT', 0, 100)) do
    drop_request(name)
  end
  local bytes = uncount_request(id, user)
  if bytes == 0 or bytes > USER_ROOM or redis.call('HEXISTS', keys.task .. id, 'apart') == 0 then
    redis.call('UNLINK', keys.body .. id)
    return
  end
  local name = string.format('%s %d %s', id, bytes, user)
  redis.call('RENAME', keys.body .. id, keys.ended_body .. id)
  redis.call('EXPIRE', keys.ended_body .. id, keep_s)
  redis.call('HSET', keys.task .. id, 'kept', name)
  redis.call('ZADD', keys.ended_bodies, now_ms, name)
  redis.call('HINCRBY', keys.limits, 'ended_bytes', bytes)
  redis.call('HINCRBY', keys.ended_bytes, user, bytes)
  make_room(user)
end
