-- with: shared/origin.lua, shared/limits.lua
--
-- Tells which instances' own queues are to be read before they are given tasks: all of them after Redis came back,
-- later those that did not answer then. One node at a time is asked to; who has not told for a while has died over it.
--
-- KEYS[1] limits
-- ARGV[1] who offers to read them; empty when nobody does
-- ARGV[2] for how long nobody else is asked, in ms
--
-- Returns {run id, when the data were held against the instances or nothing, the instances that the asker is to read}.

local owner, patience_ms = ARGV[1], ARGV[2]

local over = is_recovered()
local unread = {}
for _, name in ipairs(redis.call('SUNION', keys.instances, keys.draining)) do
  if not over or redis.call('HEXISTS', keys.instance .. name, 'unread') == 1 then
    unread[#unread + 1] = name
  end
end
if owner ~= '' and (not over or unread[1]) then
  redis.call('SET', keys.reader, owner, 'NX', 'PX', patience_ms)
end
local is_asked = redis.call('GET', keys.reader) == owner
return {run_id(), over and redis.call('HGET', keys.limits, 'recovered') or '', is_asked and unread or {}}
