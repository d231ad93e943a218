package io.anteroom.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * One node's figures, filled by its verticles and told by {@code metrics}; safe to use from every event loop.
 *
 * <p>The names are few and fixed in the code; never a user's, a task's or a path.
 */
public final class MetricsRegistry {
  private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();
  private final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();

  /** Adds one to a counter. */
  public void count(String name) {
    add(name, 1);
  }

  /** Adds to a counter. */
  public void add(String name, long amount) {
    counters.computeIfAbsent(name, unknown -> new LongAdder()).add(amount);
  }

  /** Has a value read whenever the figures are told; several of the same name are added up. */
  public void gauge(String name, LongSupplier value) {
    gauges.merge(name, value, (one, other) -> () -> one.getAsLong() + other.getAsLong());
  }

  /** All figures now. */
  public Map<String, Long> read() {
    Map<String, Long> figures = new TreeMap<>();
    counters.forEach((name, counter) -> figures.put(name, counter.sum()));
    gauges.forEach((name, gauge) -> figures.put(name, gauge.getAsLong()));
    return figures;
  }
}
