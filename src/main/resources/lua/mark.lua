-- with: shared/pools.lua
--
-- Says how an instance is. A fenced one stays so until it is idle. One that was never configured is passed over, and
-- so is what is known already.
--
-- KEYS[1] limits
-- ARGV[1] instance
-- ARGV[2] up, idle (up, and nothing to do), down or fenced
-- ARGV[3] why, one sentence
--
-- Returns nothing.

local name, state, reason = ARGV[1], ARGV[2], ARGV[3]

local before, pool = unpack(redis.call('HMGET', keys.instance .. name, 'state', 'pool'))
if not before or before == 'fenced' and state ~= 'idle' then
  return nil
end
state = state == 'idle' and 'up' or state
if state == before then
  return nil
end
redis.call('HSET', keys.instance .. name, 'state', state, 'reason', reason)
if pool then
  for _, user in ipairs(redis.call('SMEMBERS', keys.users)) do
    if redis.call('HGET', keys.user .. user, 'pool') == pool then
      settle(user)
    end
  end
  refresh_pool(pool)
end
