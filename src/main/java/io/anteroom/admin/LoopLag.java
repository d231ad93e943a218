package io.anteroom.admin;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/** How late this node's event loop is: the latest that a timer came in the last second. */
final class LoopLag {
  private static final long EVERY_MILLIS = 100;
  private static final int TICKS_PER_SECOND = 10;

  // Touched by the event loop alone, but for the last, which the figures read from elsewhere.
  private long lastTick = System.nanoTime();
  private long highest;
  private int ticks;
  private volatile long ofLastSecond;

  void start(Vertx vertx) {
    vertx.setPeriodic(EVERY_MILLIS, tick -> note(System.nanoTime()));
  }

  void note(long now) {
    highest = Math.max(highest, TimeUnit.NANOSECONDS.toMillis(now - lastTick) - EVERY_MILLIS);
    lastTick = now;
    if (++ticks == TICKS_PER_SECOND) {
      ofLastSecond = highest;
      highest = 0;
      ticks = 0;
    }
  }

  long millis() {
    return ofLastSecond;
  }
}
