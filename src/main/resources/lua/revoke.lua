-- with: shared/clock.lua
--
-- Deletes all sign-ins of a user, and stores since when tokens of other issuers count again.
--
-- KEYS[1] limits
-- ARGV[1] user
-- ARGV[2] for how long to store it, in ms: longer than any token of another issuer lasts
--
-- Returns 1.

local user, keep_ms = unpack(ARGV)

for _, token in ipairs(redis.call('ZRANGE', keys.sign_ins .. user, 0, -1)) do
  redis.call('DEL', keys.sign_in .. token)
end
redis.call('DEL', keys.sign_ins .. user)
redis.call('SET', keys.revoked .. user, now_ms, 'PX', keep_ms)
return 1
