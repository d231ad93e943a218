-- with: shared/claims.lua, shared/ends.lua, shared/instances.lua
--
-- Ends a task and frees its permit; then claims the next task for the same owner. A task that waits because the store
-- lost its claim ends as well: it has run, and must not run again. A task that its instance refused before its
-- submitter had an answer is rejected: the refusal is the answer.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] fence
-- ARGV[3] final state
-- ARGV[4] outputs
-- ARGV[5] version of the owner's list of instances, to claim the next task; empty for no next task
-- ARGV[6] 1 when the instance refused it, and so ran nothing of it
-- ARGV[7] error type, [8] message, [9] details, [10] report; left out when there was no error
--
-- Returns {1 when the task has this end now, 0 when it is not this claim's to end; 1 when it is rejected; the next
--   claim as names and values, if there is one}.

local id, fence, state, outputs, next, refused = unpack(ARGV)
local task = keys.task .. id

local was_waiting = was_lost(id, fence)
if was_waiting or is_valid(id, fence) then
  local user, instance, started, tried =
    unpack(redis.call('HMGET', task, 'user', 'instance', 'started', 'tried'))
  redis.call('HSET', task, 'outputs', outputs)
  if ARGV[7] then
    redis.call('HSET', task, 'error_type', ARGV[7], 'error_message', ARGV[8], 'error_details', ARGV[9],
      'error_report', ARGV[10])
  end
  if was_waiting then
    leave_queue(id, user)
  else
    if state == 'completed' or state == 'failed' and started then
      close_circuit(instance)
    elseif state == 'lost' then
      count_fault(instance, 'lost', outage('losing', instance), tried)
    end
    release_permit(id, user)
  end
  refresh(user)
  if refused == '1' and is_unanswered(id) then
    reject(id, user)
  else
    close(id, user, state)
  end
end
local owner, last, now, rejected = unpack(redis.call('HMGET', task, 'owner', 'fence', 'state', 'rejected'))
return {last == fence and now == state and 1 or 0, rejected and 1 or 0,
  next ~= '' and last == fence and claim_next(owner, next) or nil}
