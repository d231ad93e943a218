package io.anteroom.admin;

import io.anteroom.metrics.Metric;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.TaskQueue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Collects this node's metrics: counters, JVM gauges, and the state of the queue. */
final class NodeMetrics {
  private static final long QUEUE_TIMEOUT_MILLIS = 500;

  private final MetricsRegistry metrics;
  private final TaskQueue queue;

  NodeMetrics(MetricsRegistry metrics, TaskQueue queue, LoopLag lag) {
    this.metrics = metrics;
    this.queue = queue;
    // A counter starts at zero, so that monitoring has a value to compare with.
    Stream.of(Metric.values()).filter(figure -> figure.kind() == Metric.Kind.COUNTER)
      .forEach(figure -> metrics.add(figure.word(), 0));
    metrics.gauge(Metric.HEAP_USED_BYTES.word(),
      () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    metrics.gauge(Metric.UPTIME_SECONDS.word(),
      () -> TimeUnit.MILLISECONDS.toSeconds(ManagementFactory.getRuntimeMXBean().getUptime()));
    metrics.gauge(Metric.EVENT_LOOP_LAG_MS.word(), lag::millis);
  }

  /** Never fails; while the store does not answer, the metrics of the queue are left out rather than zero. */
  Future<Map<String, Long>> read() {
    Map<String, Long> values = metrics.read();
    return queue.stats()
      .timeout(QUEUE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
      .onSuccess(now -> values.putAll(ofQueue(now)))
      .map(values)
      .otherwise(values);
  }

  private static Map<String, Long> ofQueue(TaskQueue.Stats now) {
    Map<String, Long> values = new HashMap<>();
    now.totals().forEach((total, count) -> values.put(Metric.ofLab(total.word()), count));
    values.putAll(Map.of(
      Metric.QUEUE_LIMIT.word(), (long) now.limit(),
      Metric.QUEUE_PROCESSING.word(), (long) now.processing(),
      Metric.QUEUE_WAITING.word(), (long) now.waiting(),
      Metric.QUEUE_BLOCKED.word(), (long) now.blocked(),
      Metric.QUEUE_USERS.word(), (long) now.users(),
      Metric.QUEUE_BYTES.word(), now.bytes(),
      Metric.QUEUE_OLDEST_WAITING_SECONDS.word(), now.oldestWaiting().toSeconds(),
      Metric.INSTANCES_OUT.word(), (long) now.instancesOut()));
    return values;
  }

  /** Measures the lag of this node's event loop: the greatest delay of a timer in the last second. */
  static final class LoopLag {
    private static final long EVERY_MILLIS = 100;
    private static final int TICKS_PER_SECOND = 10;

    // Used on the event loop only, except the last, which other threads read.
    private long lastTick = System.nanoTime();
    private long highest;
    private int ticks;
    private volatile long ofLastSecond;

    void start(Vertx vertx) {
      vertx.setPeriodic(EVERY_MILLIS, tick -> record(System.nanoTime()));
    }

    void record(long now) {
      highest = Math.max(highest, TimeUnit.NANOSECONDS.toMillis(now - lastTick) - EVERY_MILLIS);
      lastTick = now;
      if (++ticks == TICKS_PER_SECOND) {
        ofLastSecond = highest;
        highest = 0;
        ticks = 0;
      }
    }

    long millis() {
      return ofLastSecond;
    }
  }
}
