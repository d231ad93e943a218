-- Counts an attempt within the window that the first attempt opened (rate limit of sign-ins).
--
-- KEYS[1] limits
-- ARGV[1] scope and hash of the name that the attempt is for
-- ARGV[2] window in ms
--
-- Returns the number of attempts in the window, this one included.

local count = redis.call('INCR', keys.attempts .. ARGV[1])
if count == 1 then
  redis.call('PEXPIRE', keys.attempts .. ARGV[1], ARGV[2])
end
return count
