-- with: shared/tasks.lua, shared/requests.lua
--
-- Deletes tasks of this user that have ended. Ignores all others.
--
-- KEYS[1] limits
-- ARGV[1] user
-- ARGV    then task ids
--
-- Returns how many were deleted.

local user = ARGV[1]

local forgotten = 0
for index = 2, #ARGV do
  local id = ARGV[index]
  local owner, finished = unpack(redis.call('HMGET', keys.task .. id, 'user', 'finished'))
  if owner == user and finished then
    forget_request(id)
    redis.call('DEL', keys.task .. id)
    redis.call('ZREM', keys.ended .. user, id)
    count_event('forgotten')
    forgotten = forgotten + 1
  end
end
return forgotten
