-- with: shared/clock.lua
--
-- Remembers that somebody is signed in. Of a user's sign-ins the 20 that last longest stay.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of the token
-- ARGV[2] user
-- ARGV[3] who he is
-- ARGV[4] how long, in ms
-- ARGV[5] scope and hash of the token that it hangs on: it ends with that one; or empty
--
-- Returns 1; 0 when the token that it should hang on is not signed in.

local token, user, identity, lifetime, parent = unpack(ARGV)
local most = 20

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
for _, old in ipairs(redis.call('ZRANGE', keys.sign_ins .. user, 0, -most - 1)) do
  redis.call('DEL', keys.sign_in .. old)
  redis.call('ZREM', keys.sign_ins .. user, old)
end
local last = redis.call('ZRANGE', keys.sign_ins .. user, -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', keys.sign_ins .. user, last[2])
return 1
