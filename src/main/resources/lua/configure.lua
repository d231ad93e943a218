-- with: shared/memory.lua, shared/pools.lua
--
-- Tells which instances there are, and the limits that the settings give. The limit in force changes only when its
-- setting has changed since the last time, so that what an admin set at run time outlives a restart. Data from before
-- the format was noted are in format 1. Data in an older format are in ours from now on, since each task says by itself
-- what it lacks; what is in a newer one is left as it is.
--
-- KEYS[1] limits
-- ARGV[1] limit
-- ARGV[2] tasks of one user that run at once
-- ARGV[3] tasks of one user that wait
-- ARGV[4] lease in ms
-- ARGV[5] how long ended tasks are kept, in s
-- ARGV[6] how long at most an instance gets no task after faults, in ms
-- ARGV[7] instance, [8] its pool, [9] its slots, and so on
--
-- Returns the format of the data, and the one that this script knows; and for each limit that was another one before
-- its name here, the value before and the one now.

local limit = ARGV[1]
local changes = {}

local function set(name, value)
  local before = redis.call('HGET', keys.limits, name)
  if before and before ~= value then
    changes[#changes + 1] = {name, before, value}
  end
  redis.call('HSET', keys.limits, name, value)
end

if foreign_format() then
  return {foreign_format(), FORMAT}
end
if redis.call('HGET', keys.limits, 'configured') ~= limit then
  set('limit', limit)
  redis.call('HSET', keys.limits, 'configured', limit)
end
set('user_running', ARGV[2])
set('user_waiting', ARGV[3])
redis.call('HSET', keys.limits, 'lease_ms', ARGV[4], 'keep_s', ARGV[5], 'max_backoff_ms', ARGV[6],
  'format', FORMAT)

local pools, gone = {}, {}
for _, name in ipairs(redis.call('SMEMBERS', keys.instances)) do
  gone[name] = true
end
for index = 7, #ARGV, 3 do
  local name, pool, slots = ARGV[index], ARGV[index + 1], ARGV[index + 2]
  pools[place_instance(name, pool, slots) or pool] = true
  pools[pool], gone[name] = true, nil
end
for name in pairs(gone) do
  pools[remove_instance(name)] = true
end

for _, user in ipairs(redis.call('SMEMBERS', keys.users)) do
  settle(user)
end
for pool in pairs(pools) do
  refresh_pool(pool)
end
return {FORMAT, FORMAT, changes}
