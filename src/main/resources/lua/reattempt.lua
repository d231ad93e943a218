-- with: shared/claims.lua
--
-- Counts one more attempt in the same place, because the last one is proven gone.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] fence
-- ARGV[3] the attempt that is gone; a repeated call counts once
--
-- Returns 1, or 0 when the claim is not valid any more.

local id, fence, gone = ARGV[1], ARGV[2], tonumber(ARGV[3])
local task = keys.task .. id

if not is_valid(id, fence) then
  return 0
end
local user, attempts = unpack(redis.call('HMGET', task, 'user', 'attempts'))
if tonumber(attempts) == gone then
  redis.call('HSET', task, 'attempts', gone + 1, 'stage', 'claimed')
  redis.call('HDEL', task, 'started')
  note('reattempted', id, user)
end
return 1
