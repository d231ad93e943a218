package io.anteroom.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The metrics of one node: counters and gauges that its verticles fill and {@code admin} publishes. Thread-safe.
 *
 * <p>Names are few and fixed in the code (see {@link Metric}), never derived from a user, a task or a path.
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

  /** Registers a value that is read for each snapshot; several of the same name are added up. */
  public void gauge(String name, LongSupplier value) {
    gauges.merge(name, value, (one, other) -> () -> one.getAsLong() + other.getAsLong());
  }

  /** All values now, by name. */
  public Map<String, Long> read() {
    Map<String, Long> values = new TreeMap<>();
    counters.forEach((name, counter) -> values.put(name, counter.sum()));
    gauges.forEach((name, gauge) -> values.put(name, gauge.getAsLong()));
    return values;
  }
}
