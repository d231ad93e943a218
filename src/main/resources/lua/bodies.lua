-- with: shared/limits.lua
--
-- Reads the requests of tasks of this user, as many as fit: of those that have not ended, and of ended ones whose
-- request is kept.
--
-- KEYS[1] limits
-- ARGV[1] user
-- ARGV[2] how many bytes at most, all together
-- ARGV    then task ids
--
-- Returns task id, body, task id, body, …; one that is not there, not this user's, or does not fit is left out.

local user, room = ARGV[1], tonumber(ARGV[2])

local found = {}
for index = 3, #ARGV do
  local id = ARGV[index]
  local owner, finished = unpack(redis.call('HMGET', keys.task .. id, 'user', 'finished'))
  local body = (finished and keys.ended_body or keys.body) .. id
  local size = owner == user and redis.call('STRLEN', body) or 0
  if size > 0 and size <= room then
    room = room - size
    found[#found + 1] = id
    found[#found + 1] = redis.call('GET', body)
  end
end
return found
