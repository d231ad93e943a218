package io.anteroom.trial.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * When a task waited that could have started, had there been a place: students of a frozen node submit too late, and a
 * place without demand is no fault. Where the store could not be sampled, there was demand.
 */
public final class Demand {
  /** How long a sample is valid, in ns. */
  private static final long VALID_FOR = 2_000_000_000L;

  private final BooleanSupplier tasksWait;
  /** By the ledger's clock. */
  private final TreeMap<Long, Boolean> samples = new TreeMap<>();

  /** @param tasksWait throws when the store is away */
  public Demand(BooleanSupplier tasksWait) {
    this.tasksWait = tasksWait;
  }

  public void sample(long now) {
    try {
      boolean waits = tasksWait.getAsBoolean();
      synchronized (this) {
        samples.put(now, waits);
      }
    } catch (RuntimeException | AssertionError storeIsAway) {
      return;
    }
  }

  /** The parts of a span, {from, to}, in which there was demand. */
  public synchronized List<long[]> within(long[] span) {
    List<long[]> parts = new ArrayList<>();
    long from = span[0];
    while (from < span[1]) {
      Map.Entry<Long, Boolean> sample = samples.floorEntry(from);
      Long next = samples.higherKey(from);
      boolean isKnown = sample != null && from - sample.getKey() < VALID_FOR;
      long to = Math.min(span[1], next == null ? Long.MAX_VALUE : next);
      if (isKnown) {
        to = Math.min(to, sample.getKey() + VALID_FOR);
      }
      if (!isKnown || sample.getValue()) {
        append(parts, from, to);
      }
      from = to;
    }
    return parts;
  }

  private static void append(List<long[]> parts, long from, long to) {
    if (!parts.isEmpty() && parts.get(parts.size() - 1)[1] == from) {
      parts.get(parts.size() - 1)[1] = to;
    } else {
      parts.add(new long[] {from, to});
    }
  }
}
