package io.anteroom.trial.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * When somebody waited who could have started, had there been a place: students who talk to a frozen node press Run too
 * late, and a place that nobody wants is no fault of ours. Where nobody could look, it counts as wanted.
 */
public final class Demand {
  /** For so long, in ns, a look tells how it is. */
  private static final long COUNTS_FOR = 2_000_000_000L;

  private final BooleanSupplier somebodyWaits;
  /** By the ledger's clock. */
  private final TreeMap<Long, Boolean> looks = new TreeMap<>();

  /** @param somebodyWaits throws when the store is away */
  public Demand(BooleanSupplier somebodyWaits) {
    this.somebodyWaits = somebodyWaits;
  }

  public void look(long now) {
    try {
      boolean waits = somebodyWaits.getAsBoolean();
      synchronized (this) {
        looks.put(now, waits);
      }
    } catch (RuntimeException | AssertionError storeIsAway) {
      return;
    }
  }

  /** The parts of a span, {from, to}, in which a place was wanted. */
  public synchronized List<long[]> within(long[] span) {
    List<long[]> parts = new ArrayList<>();
    long from = span[0];
    while (from < span[1]) {
      Map.Entry<Long, Boolean> look = looks.floorEntry(from);
      Long next = looks.higherKey(from);
      boolean isKnown = look != null && from - look.getKey() < COUNTS_FOR;
      long to = Math.min(span[1], next == null ? Long.MAX_VALUE : next);
      if (isKnown) {
        to = Math.min(to, look.getKey() + COUNTS_FOR);
      }
      if (!isKnown || look.getValue()) {
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
