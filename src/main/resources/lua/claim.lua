-- with: shared/claims.lua
--
-- Takes the next task: a place of the limit, a slot of an instance, a lease and a new fence in one step.
--
-- KEYS[1] limits
-- ARGV[1] owner: one life of a node
--
-- Returns the claim as names and values; nil when the limit is reached or nobody who waits may start.

return claim_next(ARGV[1])
