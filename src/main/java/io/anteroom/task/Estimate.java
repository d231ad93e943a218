package io.anteroom.task;

import java.time.Duration;

/** When a waiting task will start, or a running one end, as a range that mostly holds. */
public record Estimate(Duration low, Duration high) {
  public Estimate {
    if (low.isNegative() || high.compareTo(low) < 0) {
      throw new IllegalArgumentException("an estimate runs from low to high: " + low + " to " + high);
    }
  }
}
