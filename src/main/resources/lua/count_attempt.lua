-- Counts an attempt within the window that the first of them opened.
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of whose attempt it is
-- ARGV[2] window in ms
--
-- Returns how many there were, this one included.

local count = redis.call('INCR', keys.attempts .. ARGV[1])
if count == 1 then
  redis.call('PEXPIRE', keys.attempts .. ARGV[1], ARGV[2])
end
return count
