-- with: shared/configuration.lua
--
-- Tells which configuration a node has: the limits that its settings give, and its list of instances. They take effect
-- when they are in force, and change nothing otherwise. The limit in force changes only when its setting has changed since
-- the last time, so that what an admin set at run time outlives a restart. Data from before the format was noted are in
-- format 1. Data in an older format are in ours from now on, since each task says by itself what it lacks; what is in a
-- newer one is left as it is.
--
-- KEYS[1] limits
-- ARGV[1] node
-- ARGV[2] version of its settings, [3] of its list of instances, [4] of its list of users
-- ARGV[5] limit
-- ARGV[6] tasks of one user that run at once
-- ARGV[7] tasks of one user that wait
-- ARGV[8] lease in ms
-- ARGV[9] how long ended tasks are kept, in s
-- ARGV[10] how long at most an instance gets no task after faults, in ms
-- ARGV[11] instance, [12] its pool, [13] its slots, [14] its address, and so on
--
-- Returns the format of the data, and the one that this script knows; for each limit that was another one before its
-- name here, the value before and the one now; and what is in force.

local node, settings, list, users, limit = unpack(ARGV, 1, 5)
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
bring_in('settings', settings, node)
bring_in('instances', list, node)
bring_in('users', users, node)
if in_force('settings') == settings then
  if redis.call('HGET', keys.limits, 'configured') ~= limit then
    set('limit', limit)
    redis.call('HSET', keys.limits, 'configured', limit)
  end
  set('user_running', ARGV[6])
  set('user_waiting', ARGV[7])
  redis.call('HSET', keys.limits, 'lease_ms', ARGV[8], 'keep_s', ARGV[9], 'max_backoff_ms', ARGV[10])
end
redis.call('HSET', keys.limits, 'format', FORMAT)
redis.call('UNLINK', keys.events)
keep_list(list, 11)
if in_force('instances') == list then
  place_all(list, 11)
end
return {FORMAT, FORMAT, changes, describe_in_force()}
