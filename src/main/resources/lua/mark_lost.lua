-- with: shared/memory.lua, shared/ends.lua
--
-- Ends as lost those of these acknowledged tasks that the store no longer knows. Does nothing before the end of the
-- recovery, which may find them at an instance.
--
-- KEYS[1] limits
-- ARGV[1] error type, [2] message
-- ARGV    then task id, user, task id, user, …
--
-- Returns the ids of those that were lost.

local lost = {}
for index = 3, is_recovered() and #ARGV or 0, 2 do
  local id, user = ARGV[index], ARGV[index + 1]
  local task = keys.task .. id
  if redis.call('EXISTS', task) == 0 then
    redis.call('HSET', task, 'user', user, 'number', next_arrival(), 'submitted', now_ms, 'attempts', 0,
      'error_type', ARGV[1], 'error_message', ARGV[2])
    close(id, user, 'lost')
    lost[#lost + 1] = id
  end
end
return lost
