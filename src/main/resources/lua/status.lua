-- with: shared/tasks.lua
--
-- Tells what is known of these tasks.
--
-- KEYS[1] limits
-- ARGV    task ids
--
-- Returns a list of tasks as names and values; those that do not exist are left out.

return describe_all(ARGV)
