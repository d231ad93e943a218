package io.anteroom.edge.admission;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The least speed of bodies and of answers: a client that keeps below it holds memory and connections without need
 * (Slowloris, slow POST, slow read).
 */
public final class MinimumRate {
  /** Mobile networks at their worst are faster. */
  public static final int MIN_BYTES_PER_SECOND = 8 << 10;

  private MinimumRate() {
  }

  /** Whether so few bytes within this time are too few. */
  static boolean isTooSlow(long bytes, Duration within) {
    return bytes < MIN_BYTES_PER_SECOND * within.toMillis() / 1000;
  }

  /**
   * Looks again and again how much has come.
   *
   * @param received  how many bytes so far
   * @param isAwaited whether it is the client for whom everything waits
   * @param ended     done when nothing more is to come
   * @param tooSlow   called when two looks in a row find too little; the client may have got its turn between two
   */
  public static void mind(Vertx vertx, Duration interval, LongSupplier received, BooleanSupplier isAwaited,
    Future<?> ended,
      Runnable tooSlow) {
    long[] before = {received.getAsLong()};
    boolean[] wasSlow = {false};
    long timer = vertx.setPeriodic(interval.toMillis(), look -> {
      long now = received.getAsLong();
      boolean isSlow = isTooSlow(now - before[0], interval) && isAwaited.getAsBoolean();
      if (isSlow && wasSlow[0]) {
        tooSlow.run();
      }
      wasSlow[0] = isSlow;
      before[0] = now;
    });
    ended.onComplete(done -> vertx.cancelTimer(timer));
  }
}
