package io.anteroom.status;

import io.anteroom.task.TaskStatus.Estimate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Estimates waiting and running times from the latest runs: a range from the median to the 80th percentile.
 *
 * <p>Gives no estimate from fewer than {@link #MIN_RUNS} runs. The mean would do badly here: runs of five seconds and
 * of five minutes stand side by side.
 */
final class DurationEstimator {
  static final int MIN_RUNS = 5;
  static final int MAX_RUNS = 200;
  /** No estimate is longer than this, which keeps the arithmetic within bounds. */
  private static final Duration MAX_ESTIMATE = Duration.ofDays(7);

  private final Deque<Duration> runs = new ArrayDeque<>();
  private Duration usual = Duration.ZERO;
  private Duration slow = Duration.ZERO;

  /** Records how long a task ran until it completed. */
  void ran(Duration time) {
    if (time.isNegative()) {
      return;
    }
    runs.addLast(time);
    if (runs.size() > MAX_RUNS) {
      runs.removeFirst();
    }
    usual = quantile(0.5);
    slow = quantile(0.8);
  }

  /** When the task at this position starts while {@code limit} run at once. */
  Optional<Estimate> waiting(int position, int limit) {
    if (runs.size() < MIN_RUNS || position < 1 || limit < 1) {
      return Optional.empty();
    }
    // A place is freed every usual/limit on average; at worst all running tasks have only just begun.
    long rounds = (position - 1L) / limit + 1;
    return range(usual.multipliedBy(position).dividedBy(limit), slow.multipliedBy(rounds));
  }

  /** When the task that has run this long ends; empty once it is slower than the 80th percentile. */
  Optional<Estimate> running(Duration elapsed) {
    if (runs.size() < MIN_RUNS || elapsed.compareTo(slow) >= 0) {
      return Optional.empty();
    }
    Duration rest = usual.minus(elapsed);
    return range(rest.isNegative() ? Duration.ZERO : rest, slow.minus(elapsed));
  }

  private Duration quantile(double share) {
    return runs.stream().sorted().skip((long) Math.ceil(share * runs.size()) - 1).findFirst().orElseThrow();
  }

  private static Optional<Estimate> range(Duration low, Duration high) {
    return Optional.of(new Estimate(rounded(low, 0), rounded(high, 1)));
  }

  /** To 5 seconds below a minute, to half minutes below ten, else to minutes: more would suggest a false precision. */
  private static Duration rounded(Duration exact, int up) {
    long millis = Math.min(exact.toMillis(), MAX_ESTIMATE.toMillis());
    long step = millis < 60_000 ? 5_000 : millis < 600_000 ? 30_000 : 60_000;
    return Duration.ofMillis((millis + up * (step - 1)) / step * step);
  }
}
