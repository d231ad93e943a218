-- with: shared/origin.lua
--
-- The limits in force and the counters of the whole lab, read from `limits`.

-- One of them as a number; 0 if it was never set.
local function setting(name)
  return tonumber(redis.call('HGET', keys.limits, name) or '0')
end

-- Whether the limit leaves a permit, and a waiting task could take it.
local function startable()
  return setting('paused') == 0
    and redis.call('ZCARD', keys.processing) < setting('limit')
    and redis.call('EXISTS', keys.ready) == 1
    and not foreign_format()
    and is_recovered()
end
