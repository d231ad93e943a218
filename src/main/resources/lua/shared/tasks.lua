-- with: shared/clock.lua
--
-- The status of one task.

-- Counts an event of a task in `totals`; the event of an end is its state.
local function count_event(event)
  redis.call('HINCRBY', keys.totals, event, 1)
end

-- Whether the submitter of a task has no answer yet, so that the task may still be rejected.
local function is_unanswered(id)
  return now_ms < tonumber(redis.call('HGET', keys.task .. id, 'answer_by') or '0')
end

-- Everything about a task as names and values, with its position now; nil when there is no such task. A rejected one
-- never was a task.
local function describe(id)
  local row = redis.call('HGETALL', keys.task .. id)
  if #row == 0 or redis.call('HEXISTS', keys.task .. id, 'rejected') == 1 then
    return nil
  end
  local member, user, state, instance =
    unpack(redis.call('HMGET', keys.task .. id, 'member', 'user', 'state', 'instance'))
  local waits = state == 'queued'
  local rank = waits and redis.call('ZRANK', keys.order, member)
  local blocked, trial = unpack(redis.call('HMGET', keys.user .. user, 'blocked', 'trial'))
  local reason = waits and (blocked or trial)
  if state == 'processing' then
    local silent, because = unpack(redis.call('HMGET', keys.instance .. instance, 'silent', 'reason'))
    reason = silent and because
  end
  for _, value in ipairs({'id', id, 'position', tostring(rank and rank + 1 or 0), 'blocked', reason or ''}) do
    row[#row + 1] = value
  end
  return row
end

-- The same for several, without those that do not exist.
local function describe_all(ids)
  local rows = {}
  for _, id in ipairs(ids) do
    rows[#rows + 1] = describe(id)
  end
  return rows
end
