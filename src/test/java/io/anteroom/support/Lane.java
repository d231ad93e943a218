package io.anteroom.support;

import java.nio.file.Path;

/** Which of the JVMs this is that run tests at the same time: what they would share is divided among them by number. */
public final class Lane {
  /** As many as there may ever be. */
  static final int MOST = 4;

  /** Counted from 1, as Maven does; 0 where there is no other. */
  static final int NUMBER = Integer.getInteger("anteroom.lane", 0);

  private Lane() {
  }

  /** A folder of this name below {@code target} that no other lane writes to. */
  public static Path folder(String name) {
    Path shared = Path.of("target", name);
    return NUMBER == 0 ? shared : shared.resolve("lane-" + NUMBER);
  }
}
