-- with: shared/clock.lua
--
-- Returns the sign-in of a token.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of the token
--
-- Returns {identity as JSON, expiry in ms}; an empty list when there is none.

local identity = redis.call('GET', keys.sign_in .. ARGV[1])
if not identity then
  return {}
end
return {identity, now_ms + redis.call('PTTL', keys.sign_in .. ARGV[1])}
