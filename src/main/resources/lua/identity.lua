-- with: shared/memory.lua, shared/origin.lua
--
-- Identifies the store: which data, and in which Redis.
--
-- KEYS[1] limits
-- ARGV[1] a name for data that have none yet
--
-- Returns the name of the data, empty when they have none because a newer Anteroom wrote them; and the run id of Redis.

if not foreign_format() then
  redis.call('HSETNX', keys.limits, 'store', ARGV[1])
end
return {redis.call('HGET', keys.limits, 'store') or '', run_id()}
