-- with: shared/claims.lua, shared/ends.lua, shared/instances.lua
--
-- Ends a task and frees its place; then takes the next task for the same owner. A task that waits by a store which lost
-- its claim ends as well: it has run, and must not run again.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] fence
-- ARGV[3] final state
-- ARGV[4] outputs
-- ARGV[5] 1 when the owner of the claim wants the next task
-- ARGV[6] error type, [7] message, [8] details, [9] report; left away when there was no error
--
-- Returns {1 when the task has this end now, 0 when it is not this claim's to end; the next claim as names and values,
--   if there is one}.

local id, fence, state, outputs, next = unpack(ARGV)
local task = keys.task .. id

local was_waiting = was_lost(id, fence)
if was_waiting or is_valid(id, fence) then
  local user, instance, started, tried =
    unpack(redis.call('HMGET', task, 'user', 'instance', 'started', 'tried'))
  redis.call('HSET', task, 'outputs', outputs)
  if ARGV[6] then
    redis.call('HSET', task, 'error_type', ARGV[6], 'error_message', ARGV[7], 'error_details', ARGV[8],
      'error_report', ARGV[9])
  end
  if was_waiting then
    leave_queue(id, user)
  else
    if state == 'completed' or state == 'failed' and started then
      close_circuit(instance)
    elseif state == 'lost' then
      count_fault(instance, 'lost', outage('losing', instance), tried)
    end
    leave_place(id, user)
  end
  refresh(user)
  close(id, user, state)
end
local owner, last, now = unpack(redis.call('HMGET', task, 'owner', 'fence', 'state'))
return {last == fence and now == state and 1 or 0, next == '1' and last == fence and claim_next(owner) or nil}
