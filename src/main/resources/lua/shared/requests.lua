-- with: shared/clock.lua
--
-- The requests of tasks. Those of ended ones are kept without their secrets for as long as their outcomes, so that an
-- ended run can be loaded as a workflow. Where they have no room, the oldest go first.

-- How many bytes the requests of one user may have, and those of all together.
local USER_ROOM, ROOM = 8 * 1024 * 1024, 128 * 1024 * 1024

-- The room of all now: an eighth of Redis' maxmemory at most, and none once that is three quarters full.
local function room_of_all()
  local info = redis.call('INFO', 'memory')
  local most = tonumber(info:match('\nmaxmemory:(%d+)') or '0')
  if most == 0 then
    return ROOM
  end
  return tonumber(info:match('\nused_memory:(%d+)')) < most * 0.75 and math.min(ROOM, most / 8) or 0
end

local function kept_bytes(user)
  return tonumber(redis.call('HGET', keys.ended_bytes, user) or '0')
end

-- Stores the request of a new task; its secrets apart, for a month at most should the end of the task be written by a
-- node that does not know of them.
local function store_request(id, body, secrets)
  redis.call('SET', keys.body .. id, body)
  if secrets ~= '' then
    redis.call('SET', keys.secrets .. id, secrets, 'EX', 2592000)
  end
end

-- Deletes one, by its name in `ended_bodies`: id, bytes, user.
local function drop_request(name)
  local id, bytes, user = name:match('^(%S+) (%d+) (.*)$')
  redis.call('DEL', keys.ended_body .. id)
  redis.call('ZREM', keys.ended_bodies, name)
  redis.call('HDEL', keys.task .. id, 'kept')
  redis.call('HINCRBY', keys.limits, 'ended_bytes', -bytes)
  if redis.call('HINCRBY', keys.ended_bytes, user, -bytes) == 0 then
    redis.call('HDEL', keys.ended_bytes, user)
  end
end

-- Deletes the one of this task, if it is kept.
local function forget_request(id)
  local name = redis.call('HGET', keys.task .. id, 'kept')
  if name then
    drop_request(name)
  end
end

-- Deletes the oldest of the user, and of all, until the others fit.
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

-- Keeps the request of a task that ends now. One that holds its secrets itself, as in format 1, is deleted; so is one
-- that has no room even alone.
local function keep_request(id, user, keep_s)
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', keys.ended_bodies, 0, now_ms - keep_s * 1000, 'LIMIT', 0, 100)) do
    drop_request(name)
  end
  local bytes = redis.call('STRLEN', keys.body .. id)
  if bytes == 0 or bytes > USER_ROOM or redis.call('HEXISTS', keys.task .. id, 'apart') == 0 then
    redis.call('DEL', keys.body .. id)
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
