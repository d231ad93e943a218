-- with: shared/memory.lua, shared/instances.lua
--
-- Sets the state of an instance. A fenced one stays fenced until it is idle, one in a pause after faults stays out
-- until that is over. Ignores an instance that was never configured, a known state, and one that was seen at another
-- address.
--
-- KEYS[1] limits
-- ARGV[1] instance
-- ARGV[2] up, idle (up, and nothing to do), heard (a run there reports progress), down or fenced
-- ARGV[3] why, an outage
-- ARGV[4] the address where it was seen; empty for the one in force
--
-- Returns 1 when the state has changed, 0 when it has not, 2 when the instance stays out although it answers.

local name, state, reason, seen_at = unpack(ARGV)
local row = keys.instance .. name

local before, because, address = unpack(redis.call('HMGET', row, 'state', 'reason', 'address'))
if not before or seen_at ~= '' and address and address ~= seen_at then
  return 0
end
if state == 'down' then
  redis.call('HSETNX', row, 'silent', now_ms)
elseif state ~= 'fenced' then
  redis.call('HDEL', row, 'silent')
end
if state == 'up' or state == 'idle' then
  if is_in_service(before) then
    return 0
  end
  if before == 'fenced' and state ~= 'idle' then
    return 2
  end
  if is_paused(name) then
    if before ~= 'ill' then
      put_instance(name, 'ill', outage('paused', name))
    end
    return 2
  end
  put_in_service(name)
  return 1
end
if state == 'heard' or before == 'fenced' or before == state and timed(because or '') == timed(reason) then
  return 0
end
put_instance(name, state, reason)
return 1
