package io.anteroom.edge.admission;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The minimum rate of request bodies and responses: slower clients hold memory and connections (Slowloris,
 * slow POST, slow read).
 */
public final class MinimumRate {
  /** Even poor mobile networks are faster. */
  public static final int MIN_BYTES_PER_SECOND = 8 << 10;

  private MinimumRate() {
  }

  /** Whether these bytes within this time are below the minimum rate. */
  static boolean isTooSlow(long bytes, Duration within) {
    return bytes < MIN_BYTES_PER_SECOND * within.toMillis() / 1000;
  }

  /**
   * Checks the rate at intervals.
   *
   * @param received  bytes so far
   * @param isAwaited whether the transfer waits for the client at present
   * @param ended     done when the transfer has ended
   * @param tooSlow   called after two checks in a row below the minimum; the client may have got its turn between two
   */
  public static void watch(Vertx vertx, Duration interval, LongSupplier received, BooleanSupplier isAwaited,
      Future<?> ended, Runnable tooSlow) {
    long[] last = {received.getAsLong()};
    boolean[] wasSlow = {false};
    long timer = vertx.setPeriodic(interval.toMillis(), tick -> {
      long now = received.getAsLong();
      boolean isSlow = isTooSlow(now - last[0], interval) && isAwaited.getAsBoolean();
      if (isSlow && wasSlow[0]) {
        tooSlow.run();
      }
      wasSlow[0] = isSlow;
      last[0] = now;
    });
    ended.onComplete(done -> vertx.cancelTimer(timer));
  }
}
