-- with: shared/origin.lua, shared/limits.lua
--
-- Returns which instances' own queues must be read before they get tasks: all of them after Redis came back, later
--   those that did not answer then. One node at a time reads; one that has not reported within the timeout counts as
--   dead.
--
-- KEYS[1] limits
-- ARGV[1] owner that offers to read them; empty for none
-- ARGV[2] timeout of the node that reads, in ms
--
-- Returns {run id, when the recovery ended or nothing, the instances that the caller has to read}.

local owner, timeout_ms = ARGV[1], ARGV[2]

local over = is_recovered()
local unread = {}
for _, name in ipairs(redis.call('SUNION', keys.instances, keys.draining)) do
  if not over or redis.call('HEXISTS', keys.instance .. name, 'unread') == 1 then
    unread[#unread + 1] = name
  end
end
if owner ~= '' and (not over or unread[1]) then
  redis.call('SET', keys.reader, owner, 'NX', 'PX', timeout_ms)
end
local is_reader = redis.call('GET', keys.reader) == owner
return {run_id(), over and redis.call('HGET', keys.limits, 'recovered') or '', is_reader and unread or {}}
