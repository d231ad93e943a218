-- with: shared/tasks.lua, shared/pools.lua, shared/requests.lua
--
-- Stores a task at the end of its user's list, or at its front. The same id by the same user again changes nothing.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] user
-- ARGV[3] pool that may run the user's tasks; all of the user's waiting tasks follow to it
-- ARGV[4] 1 for the front of the user's own list
-- ARGV[5] client id
-- ARGV[6] body
-- ARGV[7] how the body ends when it has secrets; empty otherwise
-- ARGV[8] whether it may still be rejected: 0 never, 1 when it may start at once or next, 2 anyhow
-- ARGV[9] for how many ms
-- ARGV[10] until when it may be stored, in ms since the epoch: whoever asked stops waiting then
--
-- Returns {'stored' or 'repeated', the task, 1 when something could start now or it is the next to start},
--   {'taken'} when the id is another user's, {'full', waiting, cap} over the user's cap, {'late'} after the time,
--   {'foreign', format, ours}.

local id, user, pool, front, client, body, secrets, rejectable, answer_ms, last_ms = unpack(ARGV)
local task = keys.task .. id

if foreign_format() then
  return {'foreign', foreign_format(), FORMAT}
end
if redis.call('HEXISTS', task, 'rejected') == 1 then
  redis.call('DEL', task)
end
local owner = redis.call('HGET', task, 'user')
if owner then
  -- This submitter is answered that it is stored, so from now on it is.
  if owner == user then
    redis.call('HDEL', task, 'answer_by')
  end
  return owner == user and {'repeated', describe(id), startable() and 1 or 0} or {'taken'}
end
if now_ms > tonumber(last_ms) then
  return {'late'}
end
local waiting = waiting_of(user)
if #waiting >= setting('user_waiting') then
  return {'full', #waiting, setting('user_waiting')}
end

follow(user, pool)
local arrival = next_arrival()
redis.call('HSET', task, 'user', user, 'state', 'queued', 'number', front == '1' and -arrival or arrival,
  'submitted', now_ms, 'attempts', 0, 'client', client, 'member', new_member(arrival, id), 'apart', 1)
store_request(id, body, secrets)
redis.call('SADD', keys.users, user)
redis.call('ZADD', keys.waiting, now_ms, id)
put(user, id, front == '1')
refresh(user)
-- The next in line may start in this moment: a run may have ended of which only its instance knows yet.
local may_start = startable() or rejectable ~= '0' and redis.call('ZRANK', keys.order, member_of(id)) == 0
if rejectable == '2' or rejectable == '1' and may_start then
  redis.call('HSET', task, 'answer_by', now_ms + tonumber(answer_ms))
end
note('submitted', id, user)
return {'stored', describe(id), may_start and 1 or 0}
