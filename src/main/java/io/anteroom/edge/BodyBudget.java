package io.anteroom.edge;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of workflows this node holds in memory at once; safe to use from every event loop. */
final class BodyBudget {
  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(long limit) {
    this.limit = limit;
  }

  /** Takes these bytes, or none of them when they do not fit. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) <= limit) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  long limit() {
    return limit;
  }

  long taken() {
    return taken.get();
  }
}
