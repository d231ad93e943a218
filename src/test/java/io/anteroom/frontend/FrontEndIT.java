package io.anteroom.frontend;

import org.junit.jupiter.api.Nested;

/** The oldest and the newest of ComfyUI's pages that Anteroom is made for. */
class FrontEndIT {
  @Nested
  class Oldest extends FrontEndScenarios {
    Oldest() {
      super("1.27.10");
    }
  }

  @Nested
  class Newest extends FrontEndScenarios {
    Newest() {
      super("1.58.1");
    }
  }
}
