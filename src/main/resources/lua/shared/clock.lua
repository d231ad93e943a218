-- with: shared/limits.lua
--
-- Redis' own clock, so that nodes whose clocks differ agree on every time.

local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2]
local now_ms = math.floor(now_us / 1000)

-- When a lease given now ends.
local function lease_end()
  return now_ms + setting('lease_ms')
end

-- A number above every fence so far, and never below the clock: a Redis that lost its last writes uses none twice.
local function next_fence()
  local fence = string.format('%.0f', math.max(setting('fence') + 1, now_us))
  redis.call('HSET', keys.limits, 'fence', fence)
  return fence
end
