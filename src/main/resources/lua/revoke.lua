-- with: shared/clock.lua
--
-- Forgets all sign-ins of a user, and remembers since when what others issue for him counts again.
--
-- KEYS[1] limits
-- ARGV[1] user
-- ARGV[2] for how long to remember it, in ms: longer than anything lasts that others issue
--
-- Returns 1.

local user, remembered = unpack(ARGV)

for _, token in ipairs(redis.call('ZRANGE', keys.sign_ins .. user, 0, -1)) do
  redis.call('DEL', keys.sign_in .. token)
end
redis.call('DEL', keys.sign_ins .. user)
redis.call('SET', keys.revoked .. user, now_ms, 'PX', remembered)
return 1
