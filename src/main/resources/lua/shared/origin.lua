-- The Redis that the script runs in: the format of its data, and whether they are the lab's latest. After a failover, a
-- restore or a restart they may be older than what runs at the instances, or gone.

-- The format of the data if it is not readable here; nil if it is, or is not set yet.
local function foreign_format()
  local format = redis.call('HGET', keys.limits, 'format')
  return format and not READABLE[format] and format or nil
end

-- Changes with every start of Redis, and is another one at every other server. INFO takes some microseconds.
local function run_id()
  local info = redis.call('INFO', 'server')
  local _, before = info:find('run_id:', 1, true)
  return info:sub(before + 1, before + 40)
end

-- Whether the data were reconciled with the instances since this Redis has them. Until then nothing is claimed.
local function is_recovered()
  return redis.call('HGET', keys.limits, 'run_id') == run_id()
end
