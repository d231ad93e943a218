package io.anteroom.edge.session;

/** Counts how long a session has had nothing to live for. */
final class Grace {
  private static final long NONE = -1;

  private final Means means;
  private final Runnable over;
  private long timer = NONE;

  /** @param over called when it was idle for as long as the grace is */
  Grace(Means means, Runnable over) {
    this.means = means;
    this.over = over;
  }

  /** Whether this has begun it. */
  boolean begin() {
    if (timer != NONE) {
      return false;
    }
    timer = means.vertx().setTimer(means.grace().toMillis(), late -> over.run());
    return true;
  }

  void stop() {
    if (timer != NONE) {
      means.vertx().cancelTimer(timer);
      timer = NONE;
    }
  }
}
