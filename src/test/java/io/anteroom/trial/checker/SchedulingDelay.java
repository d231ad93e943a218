package io.anteroom.trial.checker;

import java.time.Duration;

/** How late this machine schedules its threads: by how much one sleeps longer than asked, at worst. */
public final class SchedulingDelay implements Runnable {
  private static final long SLEEP_MILLIS = 50;
  private static final Duration AT_REST = Duration.ofSeconds(2);
  private static final int STEPS = 10;

  private volatile long worstMillis;

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long before = System.nanoTime();
        Thread.sleep(SLEEP_MILLIS);
        worstMillis = Math.max(worstMillis, (System.nanoTime() - before) / 1_000_000 - SLEEP_MILLIS);
      }
    } catch (InterruptedException enough) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a chain of steps over several processes may have taken longer for it, with what it takes at rest. */
  public Duration ofAChain() {
    return AT_REST.plus(beyondRest());
  }

  /** What a chain of steps over several processes may have taken longer for it. */
  public Duration beyondRest() {
    return Duration.ofMillis(STEPS * worstMillis);
  }
}
