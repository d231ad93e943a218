-- with: shared/findings.lua
--
-- Reconciles the store with what was found at the instances, and ends the recovery. An instance that did not answer, or
-- was not read, gets no task until it was read as well. Ignores readings for another Redis than this one, and readings
-- of an instance that no longer needs any, for they may be outdated.
--
-- KEYS[1] limits
-- ARGV[1] run id of the Redis for which the instances were read
-- ARGV    then per instance: its name, 1 when it answered, how many findings; and per finding: place (running, ended,
--         pending), task id, user, client id, attempt
--
-- Returns {1, or 0 when the readings were ignored; ids of the tasks that are processing again; doubles that wait at an
--   instance and have to be deleted there, as instance, id, instance, id, …}.

if ARGV[1] ~= run_id() or redis.call('HEXISTS', keys.limits, 'configured') == 0 then
  return {0, {}, {}}
end

-- The instances that still have to be read after this; only their readings count.
local unread = {}
for _, name in ipairs(redis.call('SUNION', keys.instances, keys.draining)) do
  unread[name] = not is_recovered() or redis.call('HEXISTS', keys.instance .. name, 'unread') == 1 or nil
end
local lists = {running = {}, ended = {}, pending = {}}
local at = 2
while ARGV[at] do
  local name, answered, count = ARGV[at], ARGV[at + 1] == '1', tonumber(ARGV[at + 2])
  if unread[name] and answered then
    read_findings(lists, name, at + 3, count)
    redis.call('HDEL', keys.instance .. name, 'unread')
    unread[name] = nil
  end
  at = at + 3 + 5 * count
end
for name in pairs(unread) do
  redis.call('HSET', keys.instance .. name, 'unread', 1)
end

local again, doubles = reconcile_all(lists)
settle_all()
if not is_recovered() then
  redis.call('HSET', keys.limits, 'run_id', run_id(), 'recovered', now_ms)
end
for _, name in ipairs(redis.call('SMEMBERS', keys.draining)) do
  end_drain(name)
end
redis.call('DEL', keys.reader)
return {1, again, doubles}
