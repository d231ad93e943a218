-- with: shared/memory.lua, shared/ends.lua, shared/instances.lua
--
-- Ends the tasks that have waited this long for instances that are out as long, and those that process at an instance
-- which has been silent as long. Something may still run there, so it gets no other task until it is seen idle.
--
-- KEYS[1] limits
-- ARGV[1] how long, in ms
-- ARGV[2] maximum number of tasks
--
-- Returns a list of the ended tasks as names and values.

local before, max = now_ms - tonumber(ARGV[1]), tonumber(ARGV[2])
local ended = {}

-- The message of the error is worded by `task.TaskError`, from its type and the outage.
local function give_up(id, user, state, why)
  local kind = state == 'failed' and 'instance_gave_up' or state
  redis.call('HSET', keys.task .. id, 'error_type', kind, 'error_message', '', 'error_details', '', 'error_report', '',
    'error_outage', why)
  refresh(user)
  close(id, user, state)
  ended[#ended + 1] = id
end

for _, user in ipairs(redis.call('SMEMBERS', keys.users)) do
  local blocked, out = unpack(redis.call('HMGET', keys.user .. user, 'blocked', 'out'))
  for _, id in ipairs(blocked and tonumber(out) <= before and waiting_of(user) or {}) do
    if #ended < max and tonumber(redis.call('HGET', keys.task .. id, 'submitted')) <= before then
      leave_queue(id, user)
      give_up(id, user, 'failed', blocked)
    end
  end
end

for _, id in ipairs(redis.call('ZRANGE', keys.processing, 0, -1)) do
  local user, instance = unpack(redis.call('HMGET', keys.task .. id, 'user', 'instance'))
  local silent = redis.call('HGET', keys.instance .. instance, 'silent')
  if #ended < max and silent and tonumber(silent) <= before then
    local left = outage('left', instance)
    put_instance(instance, 'fenced', left)
    release_permit(id, user)
    give_up(id, user, 'lost', left)
  end
end
return describe_all(ended)
