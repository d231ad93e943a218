-- Deletes a sign-in and all below it.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of the token
-- ARGV[2] user
--
-- Returns 1.

local token, user = unpack(ARGV)

local ended = redis.call('SMEMBERS', keys.below .. token)
ended[#ended + 1] = token
for _, one in ipairs(ended) do
  redis.call('DEL', keys.sign_in .. one)
  redis.call('ZREM', keys.sign_ins .. user, one)
end
redis.call('DEL', keys.below .. token)
return 1
