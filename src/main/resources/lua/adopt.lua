-- with: shared/claims.lua
--
-- Takes over tasks whose lease has ended. Their permits stay taken.
--
-- KEYS[1] limits
-- ARGV[1] owner
-- ARGV[2] maximum number
--
-- Returns a list of claims as names and values.

local owner, max = ARGV[1], ARGV[2]

-- While Redis was away no owner could renew: for one lease after it came back, only tasks that were handed over may be
-- adopted.
local is_settled = is_recovered() and now_ms - setting('recovered') > setting('lease_ms')
local ended = is_settled and now_ms or 0

local claims = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', keys.processing, 0, ended, 'LIMIT', 0, max)) do
  assign(id, owner)
  count_event('adopted')
  claims[#claims + 1] = describe_claim(id)
end
return claims
