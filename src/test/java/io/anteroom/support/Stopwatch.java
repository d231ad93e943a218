package io.anteroom.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.trial.checker.SchedulingDelay;
import java.time.Duration;

/**
 * Measures a time that was promised. By how much this machine wakes its threads too late meanwhile is not held against
 * the promise, so that it can be asserted as it stands.
 */
public final class Stopwatch implements AutoCloseable {
  private final SchedulingDelay lateness = new SchedulingDelay();
  private final Thread watcher = new Thread(lateness, "lateness");
  private final long started = System.nanoTime();

  private Stopwatch() {
    watcher.setDaemon(true);
    watcher.start();
  }

  /** Counts from now. */
  public static Stopwatch start() {
    return new Stopwatch();
  }

  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** Fails when more time than this has gone by; answers how much has. */
  public Duration assertWithin(Duration promised) {
    Duration elapsed = elapsed();
    Duration late = lateness.beyondRest();
    assertThat(elapsed).as("promised within %s, on a machine that is late by %s", promised, late)
      .isLessThanOrEqualTo(promised.plus(late));
    return elapsed;
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
