-- with: shared/clock.lua
--
-- Tells whose token this is.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of the token
--
-- Returns {who he is, until when in ms}; an empty list when nobody is signed in by it.

local identity = redis.call('GET', keys.sign_in .. ARGV[1])
if not identity then
  return {}
end
return {identity, now_ms + redis.call('PTTL', keys.sign_in .. ARGV[1])}
