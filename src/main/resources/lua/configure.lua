-- with: shared/configuration.lua
--
-- Publishes the configuration of a node: the limits of its settings, and its list of instances. They take effect when
-- they are in force, and change nothing otherwise. The limit in force changes only when its setting has changed since
-- the last call, so that a value that an admin set at run time survives a restart. Data without a format mark have
-- format 1. Data of an older format have ours from now on, since each task shows by itself what it lacks; data of a
-- newer format are left as they are.
--
-- KEYS[1] limits
-- ARGV[1] node
-- ARGV[2] version of its settings, [3] of its list of instances, [4] of its list of users
-- ARGV[5] limit
-- ARGV[6] tasks of one user that run at once
-- ARGV[7] tasks of one user that wait
-- ARGV[8] lease in ms
-- ARGV[9] how long ended tasks are kept, in s
-- ARGV[10] longest pause of an instance after faults, in ms
-- ARGV[11] instance, [12] its pool, [13] its slots, [14] its address, and so on
--
-- Returns the format of the data, and the one that this script knows; for each limit that has changed its name, the
--   value before and the one now; and what is in force.

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
introduce('settings', settings, node)
introduce('instances', list, node)
introduce('users', users, node)
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
  apply_list(list, 11)
end
return {FORMAT, FORMAT, changes, describe_in_force()}
