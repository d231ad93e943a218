-- with: shared/clock.lua
--
-- Tells which door is a user's, and gives him one when he has none: the first that is nobody's, or else that of whoever
-- has not come for longest, if that is more than 30 days.
--
-- KEYS[1] limits
-- ARGV[1] user
-- ARGV[2] how many doors there are
--
-- Returns a list of its number, from 0; an empty one when all are others'.

local user, doors = ARGV[1], tonumber(ARGV[2])
local kept_for = 30 * 24 * 60 * 60 * 1000

local function first_free()
  local taken = {}
  for _, number in ipairs(redis.call('HVALS', keys.doors)) do
    taken[tonumber(number)] = true
  end
  for number = 0, doors - 1 do
    if not taken[number] then
      return number
    end
  end
end

local function leave(other)
  redis.call('HDEL', keys.doors, other)
  redis.call('ZREM', keys.doors_used, other)
end

local function first_given_up()
  for _, other in ipairs(redis.call('ZRANGEBYSCORE', keys.doors_used, 0, now_ms - kept_for)) do
    leave(other)
    local number = first_free()
    if number then
      return number
    end
  end
end

local number = tonumber(redis.call('HGET', keys.doors, user) or doors)
if number >= doors then
  leave(user)
  number = first_free() or first_given_up()
end
if not number then
  return {}
end
redis.call('HSET', keys.doors, user, number)
redis.call('ZADD', keys.doors_used, now_ms, user)
return {number}
