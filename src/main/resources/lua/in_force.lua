-- with: shared/configuration.lua
--
-- Returns the configuration in force.
--
-- KEYS[1] limits
--
-- Returns the versions of settings, instances and users, empty where no node runs; the settings as `configure` takes
-- them; and per instance: name, pool, slots, address, 1 when it drains.

return describe_in_force()
