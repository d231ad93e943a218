-- with: shared/claims.lua
--
-- Returns to an owner those of its tasks that it does not know, because the reply with their claim was lost. They get a
--   new fence, so that the old reply starts nothing should it come after all.
--
-- KEYS[1] limits
-- ARGV[1] owner
-- ARGV    then the ids of the tasks that it watches
--
-- Returns a list of claims as names and values.

local owner = ARGV[1]

local watched = {}
for index = 2, #ARGV do
  watched[ARGV[index]] = true
end

local claims = {}
for _, id in ipairs(redis.call('ZRANGE', keys.processing, 0, -1)) do
  if not watched[id] and redis.call('HGET', keys.task .. id, 'owner') == owner then
    assign(id, owner)
    count_event('regained')
    claims[#claims + 1] = describe_claim(id)
  end
end
return claims
