-- with: shared/pools.lua
--
-- Counts the whole queue.
--
-- KEYS[1] limits
-- ARGV    names of the totals to return
--
-- Returns {limit, processing, waiting and counted, blocked, users with tasks, ms for which the oldest has waited,
--   instances that are not well, the totals, bytes of all requests that have not ended}.

local counted = redis.call('ZCARD', keys.order)
local out = 0
for _, name in ipairs(redis.call('SMEMBERS', keys.instances)) do
  out = out + (is_well(name, redis.call('HGET', keys.instance .. name, 'state')) and 0 or 1)
end
local oldest = redis.call('ZRANGE', keys.waiting, 0, 0, 'WITHSCORES')
return {
  setting('limit'),
  redis.call('ZCARD', keys.processing),
  counted,
  redis.call('ZCARD', keys.waiting) - counted,
  redis.call('SCARD', keys.users),
  oldest[2] and math.max(0, now_ms - tonumber(oldest[2])) or 0,
  out,
  redis.call('HMGET', keys.totals, unpack(ARGV)),
  setting('bytes'),
}
