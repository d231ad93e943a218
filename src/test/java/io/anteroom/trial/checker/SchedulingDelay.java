package io.anteroom.trial.checker;

import java.time.Duration;

/** How late this machine is: by how much a thread that wants to wake sleeps longer, at worst. */
public final class SchedulingDelay implements Runnable {
  private static final long WISH_MILLIS = 50;
  private static final Duration AT_REST = Duration.ofSeconds(2);
  private static final int STEPS = 10;

  private volatile long worstMillis;

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long before = System.nanoTime();
        Thread.sleep(WISH_MILLIS);
        worstMillis = Math.max(worstMillis, (System.nanoTime() - before) / 1_000_000 - WISH_MILLIS);
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
