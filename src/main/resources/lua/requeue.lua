-- with: shared/claims.lua, shared/ends.lua
--
-- Gives a task that certainly never began back to the head of its user's list. One that was cancelled meanwhile ends.
--
-- KEYS[1] limits
-- ARGV[1] task id
-- ARGV[2] fence
-- ARGV[3] why
--
-- Returns 1, or 0 when the claim is not valid any more.

local id, fence, reason = ARGV[1], ARGV[2], ARGV[3]

if not is_valid(id, fence) then
  return 0
end
redis.call('HINCRBY', keys.task .. id, 'attempts', -1)
give_back(id, reason, 0)
return 1
