-- with: shared/requests.lua
--
-- Stores a part of a large request until its submit takes all parts over. Parts that no submit takes over expire. The
-- same part again changes nothing.
--
-- KEYS[1] limits
-- ARGV[1] name of the request while it is staged
-- ARGV[2] user
-- ARGV[3] which part, from 0 on
-- ARGV[4] the part
-- ARGV[5] how many bytes, with the parts before it
-- ARGV[6] for how many ms it is kept
-- ARGV[7] most bytes of all requests of one user that have not ended
-- ARGV[8] the same for all users
-- ARGV[9] until when it may be kept, in ms since the epoch
--
-- Returns {'staged'}, {'user_bytes' or 'all_bytes', had, more, cap} over the bytes of the user or of all, {'late'}
--   after the time, {'unstaged'} when the parts before it are gone, {'foreign', format, ours}.

local name, user, index, part, bytes, keep_ms, user_max, max, last_ms = unpack(ARGV)
local staging = keys.staging .. name

if foreign_format() then
  return {'foreign', foreign_format(), FORMAT}
end
if now_ms > tonumber(last_ms) then
  return {'late'}
end
local too_much = lacking_room(user, tonumber(bytes), tonumber(user_max), tonumber(max))
if too_much then
  return too_much
end
local count = redis.call('LLEN', staging)
if count < tonumber(index) then
  return {'unstaged'}
end
if count == tonumber(index) then
  redis.call('RPUSH', staging, part)
end
redis.call('PEXPIRE', staging, keep_ms)
return {'staged'}
