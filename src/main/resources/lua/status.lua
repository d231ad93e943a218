-- with: shared/tasks.lua
--
-- Returns the status of these tasks.
--
-- KEYS[1] limits
-- ARGV    task ids
--
-- Returns a list of tasks as names and values; those that do not exist are left out.

return describe_all(ARGV)
