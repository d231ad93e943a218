-- with: shared/limits.lua
--
-- Reads the requests of tasks of this user that have not ended, as many as fit.
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
  local size = redis.call('HGET', keys.task .. id, 'user') == user and redis.call('STRLEN', keys.body .. id) or 0
  if size > 0 and size <= room then
    room = room - size
    found[#found + 1] = id
    found[#found + 1] = redis.call('GET', keys.body .. id)
  end
end
return found
