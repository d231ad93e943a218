-- with: shared/claims.lua
--
-- Claims the next task: a permit of the limit, a slot of an instance, a lease and a new fence in one step.
--
-- KEYS[1] limits
-- ARGV[1] owner: one incarnation of a node
-- ARGV[2] version of the node's list of instances; nothing is claimed for another instance
--
-- Returns the claim as names and values; nil when the limit is reached or no waiting task may start there.

return claim_next(ARGV[1], ARGV[2])
