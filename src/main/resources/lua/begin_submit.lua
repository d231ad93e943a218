-- with: shared/claims.lua
--
-- Renews the lease straight before the request is sent.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] fence
--
-- Returns 1, or 0 when the claim is no longer valid; then nothing may be sent.

local id, fence = ARGV[1], ARGV[2]

if not is_valid(id, fence) then
  return 0
end
redis.call('ZADD', keys.processing, lease_end(), id)
redis.call('HSET', keys.task .. id, 'stage', 'submitting')
return 1
