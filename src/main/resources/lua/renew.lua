-- with: shared/claims.lua
--
-- Renews the leases of claims.
--
-- KEYS[1] limits
-- ARGV    task id, fence, task id, fence, …
--
-- Returns {ids whose claim is no longer valid, ids that their user has cancelled}.

local lost, cancelled = {}, {}
for index = 1, #ARGV, 2 do
  local id, fence = ARGV[index], ARGV[index + 1]
  if not is_valid(id, fence) then
    lost[#lost + 1] = id
  else
    redis.call('ZADD', keys.processing, lease_end(), id)
    if redis.call('HEXISTS', keys.task .. id, 'cancelled') == 1 then
      cancelled[#cancelled + 1] = id
    end
  end
end
return {lost, cancelled}
