-- with: shared/tasks.lua, shared/pools.lua
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
-- ARGV[7] how the body ends when it has secrets; empty otherwise. Kept apart, for a month at most should the end of the
--   task be written by a node that does not know of it
--
-- Returns {'stored' or 'repeated', the task, 1 when something could start now},
--   {'taken'} when the id is another user's, {'full', waiting, cap} over the user's cap, {'foreign', format, ours}.

local id, user, pool, front, client, body, secrets = unpack(ARGV)

if foreign_format() then
  return {'foreign', foreign_format(), FORMAT}
end
local owner = redis.call('HGET', keys.task .. id, 'user')
if owner then
  return owner == user and {'repeated', describe(id), startable() and 1 or 0} or {'taken'}
end
local waiting = waiting_of(user)
if #waiting >= setting('user_waiting') then
  return {'full', #waiting, setting('user_waiting')}
end

follow(user, pool)
local arrival = next_arrival()
redis.call('HSET', keys.task .. id, 'user', user, 'state', 'queued', 'number', front == '1' and -arrival or arrival,
  'submitted', now_ms, 'attempts', 0, 'client', client, 'member', new_member(arrival, id), 'apart', 1)
redis.call('SET', keys.body .. id, body)
if secrets ~= '' then
  redis.call('SET', keys.secrets .. id, secrets, 'EX', 2592000)
end
redis.call('SADD', keys.users, user)
redis.call('ZADD', keys.waiting, now_ms, id)
if front == '1' and waiting[1] then
  put_first(user, id, tag_of(waiting[1]))
else
  put_last(user, id)
end
refresh(user)
note('submitted', id, user)
return {'stored', describe(id), startable() and 1 or 0}
