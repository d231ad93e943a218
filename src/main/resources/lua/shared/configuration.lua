-- with: shared/pools.lua
--
-- Which configuration is in force where nodes have different ones. Each of its parts has versions, and a node publishes
-- which one it has. Of those that were published lately the one is in force that was introduced last: by a node that
-- was changed, or that starts with what no node had before.

-- How long a version counts as in use after a node has published it. Nodes publish every few seconds.
local PUBLISHED_WITHIN_MS = 60000

-- How many versions of a part are kept, and for how long the versions of a node.
local MAX_VERSIONS, KEEP_NODE_S = 50, 2592000

-- Records that a node has this version of a part. A node that returns to an earlier version introduces it once more;
-- one that catches up with others introduces nothing, nor does one that comes with what they had before.
local function introduce(part, version, node)
  local versions = keys.versions .. part
  local own = redis.call('HGET', keys.node .. node, part)
  local since = redis.call('ZSCORE', versions, version)
  local own_since = own and redis.call('ZSCORE', versions, own)
  if not since or own ~= version and own_since and tonumber(own_since) > tonumber(since) then
    local newest = redis.call('ZRANGE', versions, -1, -1, 'WITHSCORES')
    redis.call('ZADD', versions, math.max(now_ms, tonumber(newest[2] or '0') + 1), version)
    redis.call('ZREMRANGEBYRANK', versions, 0, -MAX_VERSIONS - 1)
  end
  redis.call('ZREMRANGEBYSCORE', keys.told .. part, '-inf', now_ms - PUBLISHED_WITHIN_MS)
  redis.call('ZADD', keys.told .. part, now_ms, version)
  redis.call('HSET', keys.node .. node, part, version)
  redis.call('EXPIRE', keys.node .. node, KEEP_NODE_S)
end

-- The version of a part that is in force; nil while no node runs.
local function in_force(part)
  local newest, newest_since
  for _, version in ipairs(redis.call('ZRANGEBYSCORE', keys.told .. part, now_ms - PUBLISHED_WITHIN_MS, '+inf')) do
    local since = tonumber(redis.call('ZSCORE', keys.versions .. part, version) or '0')
    if not newest or since > newest_since then
      newest, newest_since = version, since
    end
  end
  return newest
end

-- Keeps which instances a version of the list has, from this argument on: name, pool, slots, address, and so on.
local function keep_list(list, first)
  local key = keys.listed .. list
  if redis.call('EXISTS', key) == 0 then
    for index = first, #ARGV, 4 do
      redis.call('SADD', key, ARGV[index] .. ' ' .. ARGV[index + 3])
    end
  end
  redis.call('EXPIRE', key, 3600)
end

-- Puts a list of instances into force: the same arguments.
local function apply_list(list, first)
  local pools, gone = {}, {}
  for _, name in ipairs(redis.call('SMEMBERS', keys.instances)) do
    gone[name] = true
  end
  for index = first, #ARGV, 4 do
    local name, pool, slots, address = unpack(ARGV, index, index + 3)
    pools[place_instance(name, pool, slots, address) or pool] = true
    pools[pool], gone[name] = true, nil
  end
  for name in pairs(gone) do
    pools[remove_instance(name)] = true
  end
  redis.call('HSET', keys.limits, 'list', list)
  for _, user in ipairs(redis.call('SMEMBERS', keys.users)) do
    settle(user)
  end
  for pool in pairs(pools) do
    refresh_pool(pool)
  end
end

-- What is in force: the versions of settings, instances and users, empty where no node runs; the settings in the order
-- in which `configure` takes them; and per instance: name, pool, slots, address, 1 when it drains.
local function describe_in_force()
  local rows = {}
  for _, name in ipairs(redis.call('SUNION', keys.instances, keys.draining)) do
    local pool, left, slots, address =
      unpack(redis.call('HMGET', keys.instance .. name, 'pool', 'left', 'slots', 'address'))
    rows[#rows + 1] = {name, pool or left, slots or '1', address or '', pool and 0 or 1}
  end
  return {{in_force('settings') or '', in_force('instances') or '', in_force('users') or ''},
    redis.call('HMGET', keys.limits, 'configured', 'user_running', 'user_waiting', 'lease_ms', 'keep_s',
      'max_backoff_ms'), rows}
end
