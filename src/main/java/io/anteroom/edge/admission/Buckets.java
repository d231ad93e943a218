package io.anteroom.edge.admission;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Counts how often each may do one thing: so many times at once, and then so many in a second.
 *
 * <p>Only the latest {@link #MOST} are remembered: who has not come for long has a full bucket again, and no number of
 * strangers fills the memory. Safe to use from every event loop.
 */
public final class Buckets {
  static final int MOST = 10_000;
  private static final double NANOS = 1e9;

  private final double atOnce;
  private final double perSecond;
  private final LongSupplier nanos;
  /** Least recently used first. Guarded by this. */
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  /** @param nanos a clock that only runs forward */
  Buckets(double atOnce, double perSecond, LongSupplier nanos) {
    this.atOnce = atOnce;
    this.perSecond = perSecond;
    this.nanos = nanos;
  }

  /** What one may still do, as of a moment. */
  private record Bucket(double left, long at) {
  }

  /** Takes one, or tells that there is none. */
  synchronized boolean take(String who) {
    long now = nanos.getAsLong();
    Bucket before = buckets.getOrDefault(who, new Bucket(atOnce, now));
    double left = Math.min(atOnce, before.left() + (now - before.at()) / NANOS * perSecond);
    buckets.put(who, new Bucket(left < 1 ? left : left - 1, now));
    if (buckets.size() > MOST) {
      buckets.remove(buckets.keySet().iterator().next());
    }
    return left >= 1;
  }

  synchronized int remembered() {
    return buckets.size();
  }

  public double perSecond() {
    return perSecond;
  }
}
