-- with: shared/memory.lua, shared/ends.lua
--
-- Cancels a task of this user: at once while it waits, by a mark for its owner once it runs.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] user
-- ARGV[3] 1 when a running task shall go on
--
-- Returns {'cancelled', the task, 1 when it was not cancelled before}, {'unknown'} when it is not this user's,
--   {'ended', its state} when it is too late, {'runs', the task} when it runs and goes on.

local id, user, waiting_only = ARGV[1], ARGV[2], ARGV[3] == '1'
local task = keys.task .. id

local first = 0
local owner, state = unpack(redis.call('HMGET', task, 'user', 'state'))
if owner ~= user or redis.call('HEXISTS', task, 'rejected') == 1 then
  return {'unknown'}
end
if state == 'queued' then
  leave_queue(id, user)
  refresh(user)
  close(id, user, 'cancelled')
  first = 1
elseif state == 'processing' and waiting_only then
  return {'runs', describe(id)}
elseif state == 'processing' then
  first = redis.call('HSETNX', task, 'cancelled', 1)
  if first == 1 then
    count_event('cancelling')
  end
elseif state ~= 'cancelled' then
  return {'ended', state}
end
return {'cancelled', describe(id), first}
