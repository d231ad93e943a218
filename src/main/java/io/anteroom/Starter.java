package io.anteroom;

import io.anteroom.config.ConfigLoader;
import io.anteroom.node.CouldNotStart;

/** Starts what runs until it is stopped; the command line is done when it has started. */
@FunctionalInterface
public interface Starter {
  /** @throws CouldNotStart that says what was in the way */
  void start(ConfigLoader.Loaded loaded);
}
