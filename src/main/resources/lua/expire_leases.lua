-- with: shared/memory.lua, shared/limits.lua
--
-- Ends the leases of all tasks of owners who are gone: anybody may adopt them at once. An owner who is believed gone
-- and lives keeps his tasks until somebody adopts them, and then hears it by his fence.
--
-- KEYS[1] limits
-- ARGV[1] with what the names of those who are gone begin
-- ARGV[2] who asks; what is his stays his
--
-- Returns how many tasks have no owner now.

local gone, asks = ARGV[1], ARGV[2]

local orphans = 0
for _, id in ipairs(redis.call('ZRANGE', keys.processing, 0, -1)) do
  local owner = redis.call('HGET', keys.task .. id, 'owner') or ''
  if owner ~= asks and owner:sub(1, #gone) == gone then
    redis.call('ZADD', keys.processing, 0, id)
    orphans = orphans + 1
  end
end
return orphans
