package io.anteroom;

import io.anteroom.config.ConfigLoader;

/** What the commands start. */
final class Wiring {
  private Wiring() {
  }

  static void node(ConfigLoader.Loaded loaded) {
    throw new CouldNotStart("this build has no node to start with " + loaded.settings().node(), null);
  }

  static void demo(ConfigLoader.Loaded loaded) {
    throw new CouldNotStart("this build has no demo to start with " + loaded.settings().node(), null);
  }
}
