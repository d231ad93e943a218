-- with: shared/tasks.lua
--
-- Lists a user's tasks, apart from those whose submitter has no answer yet.
--
-- KEYS[1] limits
-- ARGV[1] user
-- ARGV[2] maximum number of ended tasks
--
-- Returns a list of tasks as names and values: running, then waiting in their order, then ended, newest first.

local user, max_ended = ARGV[1], ARGV[2]

local ids = {}
local function add_answered(unended)
  for _, id in ipairs(unended) do
    if not is_unanswered(id) then
      ids[#ids + 1] = id
    end
  end
end

add_answered(redis.call('ZRANGE', keys.running .. user, 0, -1))
add_answered(redis.call('LRANGE', keys.queue .. user, 0, -1))
for _, id in ipairs(redis.call('ZREVRANGEBYSCORE', keys.ended .. user, '+inf', '-inf', 'LIMIT', 0, max_ended)) do
  ids[#ids + 1] = id
end
return describe_all(ids)
