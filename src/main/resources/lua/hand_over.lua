-- with: shared/claims.lua
--
-- Ends the leases of claims for their owner, which shuts down: any other owner may adopt them at once.
--
-- KEYS[1] limits
-- ARGV    task id, fence, task id, fence, …
--
-- Returns how many were handed over.

local handed = 0
for index = 1, #ARGV, 2 do
  if is_valid(ARGV[index], ARGV[index + 1]) then
    redis.call('ZADD', keys.processing, 0, ARGV[index])
    handed = handed + 1
  end
end
return handed
