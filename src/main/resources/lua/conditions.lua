-- with: shared/instances.lua
--
-- Returns the condition of each instance that is configured, or drains.
--
-- KEYS[1] limits
--
-- Returns a list of instances as names and values: instance, state, reason, faults in a row, since (ms), until (ms, 0
--   when no pause lasts), running.

local rows = {}
local names = redis.call('SMEMBERS', keys.instances)
table.sort(names)
for _, name in ipairs(names) do
  local state, reason = state_of(name)
  rows[#rows + 1] = {'instance', name, 'state', state, 'reason', reason or '', 'faults', tostring(faults_of(name)),
    'since', redis.call('HGET', keys.instance .. name, 'since') or '', 'until',
    is_paused(name) and string.format('%.0f', pause_end(name)) or '',
    'running', redis.call('HGET', keys.slots, name) or '0'}
end
for _, name in ipairs(redis.call('SMEMBERS', keys.draining)) do
  rows[#rows + 1] = {'instance', name, 'state', 'draining', 'faults', '0',
    'running', redis.call('HGET', keys.slots, name) or '0'}
end
return rows
