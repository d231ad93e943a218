-- with: shared/clock.lua
--
-- Stores a sign-in. Of a user's sign-ins the 20 that expire last stay.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of the token
-- ARGV[2] user
-- ARGV[3] identity, as JSON
-- ARGV[4] lifetime in ms
-- ARGV[5] scope and hash of the parent token, with which it ends; or empty
--
-- Returns 1; 0 when the parent is not signed in.

local token, user, identity, lifetime, parent = unpack(ARGV)
local max_sign_ins = 20

if parent ~= '' then
  local left = redis.call('PTTL', keys.sign_in .. parent)
  if left <= 0 then
    return 0
  end
  lifetime = math.min(tonumber(lifetime), left)
  redis.call('SADD', keys.below .. parent, token)
  redis.call('PEXPIRE', keys.below .. parent, left)
end
redis.call('SET', keys.sign_in .. token, identity, 'PX', lifetime)
redis.call('ZADD', keys.sign_ins .. user, now_ms + tonumber(lifetime), token)
redis.call('ZREMRANGEBYSCORE', keys.sign_ins .. user, 0, now_ms)
for _, old in ipairs(redis.call('ZRANGE', keys.sign_ins .. user, 0, -max_sign_ins - 1)) do
  redis.call('DEL', keys.sign_in .. old)
  redis.call('ZREM', keys.sign_ins .. user, old)
end
local last = redis.call('ZRANGE', keys.sign_ins .. user, -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', keys.sign_ins .. user, last[2])
return 1
