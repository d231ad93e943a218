package io.anteroom.support;

import io.anteroom.async.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A monotonic clock that stands still until a test moves it. */
public final class MovableTicker implements Ticker {
  /** Not 0, and about to wrap: neither may matter. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

  private volatile long step;

  /** From now on it moves by itself, this far whenever it is read. */
  public void movesAtEachReading(Duration by) {
    step = by.toNanos();
  }

  public void moves(Duration on) {
    nanos.addAndGet(on.toNanos());
  }

  @Override
  public long nanos() {
    return nanos.getAndAdd(step);
  }
}
