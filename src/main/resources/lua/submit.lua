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
-- ARGV[6] whether it may still be rejected: 0 never, 1 if it may start at once or next, 2 always
-- ARGV[7] for how many ms
-- ARGV[8] the only part of its request; empty when several are staged
-- ARGV[9] the end of the request with its secrets; empty for none
-- ARGV[10] how many parts the request has
-- ARGV[11] how many bytes as it is sent
-- ARGV[12] how many bytes as it is stored
-- ARGV[13] the name under which its parts are staged; empty when they are not
-- ARGV[14] most bytes of all requests of one user that have not ended
-- ARGV[15] the same for all users
-- ARGV[16] until when it may be stored, in ms since the epoch: the submitter stops waiting then
--
-- Returns {'stored' or 'repeated', the task, 1 when something could start now or it is the next to start},
--   {'taken'} when the id is another user's, {'full', waiting, cap} over the user's cap, {'user_bytes' or
--   'all_bytes', had, more, cap} over the bytes of the user or of all, {'late'} after the time, {'unstaged'} when its
--   parts are not there, {'foreign', format, ours}.

local id, user, pool, front, client, rejectable, answer_ms = unpack(ARGV)
local request, last_ms, task = request_of(ARGV, 8), ARGV[16], keys.task .. id

if foreign_format() then
  return {'foreign', foreign_format(), FORMAT}
end
if redis.call('HEXISTS', task, 'rejected') == 1 then
  redis.call('DEL', task)
end
local owner = redis.call('HGET', task, 'user')
if owner then
  -- This submitter is answered that it is stored, so from now on it cannot be rejected.
  if owner == user then
    redis.call('HDEL', task, 'answer_by')
  end
  return owner == user and {'repeated', describe(id), startable() and 1 or 0} or {'taken'}
end
local objection = now_ms > tonumber(last_ms) and {'late'} or objection_to(request, user)
if objection then
  return objection
end
local waiting = waiting_of(user)
if #waiting >= setting('user_waiting') then
  return {'full', #waiting, setting('user_waiting')}
end

follow(user, pool)
local arrival = next_arrival()
redis.call('HSET', task, 'user', user, 'state', 'queued', 'number', front == '1' and -arrival or arrival,
  'submitted', now_ms, 'attempts', 0, 'client', client, 'member', new_member(arrival, id), 'apart', 1)
store_request(id, user, request)
redis.call('SADD', keys.users, user)
redis.call('ZADD', keys.waiting, now_ms, id)
put(user, id, front == '1')
refresh(user)
-- The next in line may start in this moment: a run may have ended of which only its instance knows yet.
local may_start = startable() or rejectable ~= '0' and redis.call('ZRANK', keys.order, member_of(id)) == 0
if rejectable == '2' or rejectable == '1' and may_start then
  redis.call('HSET', task, 'answer_by', now_ms + tonumber(answer_ms))
end
count_event('submitted')
return {'stored', describe(id), may_start and 1 or 0}
