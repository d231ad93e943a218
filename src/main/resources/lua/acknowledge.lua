-- with: shared/memory.lua, shared/tasks.lua
--
-- Returns the status of a task for the answer to its submitter. From now on it can no longer be rejected.
--
-- KEYS[1] limits
-- ARGV[1] task id
--
-- Returns {'acknowledged', the task}, {'rejected', error type, message, details, report}, {} when there is no such
--   task.

local id = ARGV[1]
local task = keys.task .. id

if redis.call('HEXISTS', task, 'rejected') == 1 then
  return {'rejected', unpack(redis.call('HMGET', task, 'error_type', 'error_message', 'error_details', 'error_report'))}
end
redis.call('HDEL', task, 'answer_by')
return {'acknowledged', describe(id)}
