-- with: shared/requests.lua
--
-- Reads the requests of tasks of this user, as many as fit: of tasks that have not ended, and of ended ones whose
-- request is kept.
--
-- KEYS[1] limits
-- ARGV[1] user
-- ARGV[2] most bytes of all together, as they are sent
-- ARGV    then task ids
--
-- Returns task id, parts, task id, parts, …; a request that is not stored, not this user's, or does not fit is left
--   out.

local user, room = ARGV[1], tonumber(ARGV[2])

local found = {}
for index = 3, #ARGV do
  local id = ARGV[index]
  local owner, finished = unpack(redis.call('HMGET', keys.task .. id, 'user', 'finished'))
  local key = (finished and keys.ended_body or keys.body) .. id
  local _, length = size_of(id, key)
  if owner == user and length > 0 and length <= room and redis.call('EXISTS', key) == 1 then
    room = room - length
    found[#found + 1] = id
    found[#found + 1] = is_list(key) and redis.call('LRANGE', key, 0, -1) or {redis.call('GET', key)}
  end
end
return found
