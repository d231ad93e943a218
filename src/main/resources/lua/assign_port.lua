-- with: shared/clock.lua
--
-- Returns the port of a user's origin, and assigns one to a user who has none: the first free one, or else that of the
-- user who was away longest, if that is more than 30 days.
--
-- KEYS[1] limits
-- ARGV[1] user
-- ARGV[2] number of ports
--
-- Returns a list with its number, from 0; an empty list when all are assigned to others.

local user, ports = ARGV[1], tonumber(ARGV[2])
local kept_for = 30 * 24 * 60 * 60 * 1000

local function first_free()
  local taken = {}
  for _, number in ipairs(redis.call('HVALS', keys.doors)) do
    taken[tonumber(number)] = true
  end
  for number = 0, ports - 1 do
    if not taken[number] then
      return number
    end
  end
end

local function release(other)
  redis.call('HDEL', keys.doors, other)
  redis.call('ZREM', keys.doors_used, other)
end

local function first_abandoned()
  for _, other in ipairs(redis.call('ZRANGEBYSCORE', keys.doors_used, 0, now_ms - kept_for)) do
    release(other)
    local number = first_free()
    if number then
      return number
    end
  end
end

local number = tonumber(redis.call('HGET', keys.doors, user) or ports)
if number >= ports then
  release(user)
  number = first_free() or first_abandoned()
end
if not number then
  return {}
end
redis.call('HSET', keys.doors, user, number)
redis.call('ZADD', keys.doors_used, now_ms, user)
return {number}
