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

/** Reads this node's figures: its tally, its JVM, and the queue as it sees it. */
final class NodeMetrics {
  private static final long QUEUE_PATIENCE_MILLIS = 500;

  private final MetricsRegistry tally;
  private final TaskQueue queue;

  NodeMetrics(MetricsRegistry tally, TaskQueue queue, LoopLag lag) {
    this.tally = tally;
    this.queue = queue;
    // A counter that never counted is told as zero, so that whoever watches has something to compare with.
    Stream.of(Metric.values()).filter(figure -> figure.kind() == Metric.Kind.COUNTER)
      .forEach(figure -> tally.add(figure.word(), 0));
    tally.gauge(Metric.HEAP_USED_BYTES.word(),
      () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    tally.gauge(Metric.UPTIME_SECONDS.word(),
      () -> TimeUnit.MILLISECONDS.toSeconds(ManagementFactory.getRuntimeMXBean().getUptime()));
    tally.gauge(Metric.EVENT_LOOP_LAG_MS.word(), lag::millis);
  }

  /** Never fails; while the store does not answer, the queue's figures are left out rather than told as zero. */
  Future<Map<String, Long>> read() {
    Map<String, Long> figures = tally.read();
    return queue.stats()
      .timeout(QUEUE_PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
      .onSuccess(now -> figures.putAll(ofQueue(now)))
      .map(figures)
      .otherwise(figures);
  }

  private static Map<String, Long> ofQueue(TaskQueue.Stats now) {
    Map<String, Long> figures = new HashMap<>();
    now.totals().forEach((total, count) -> figures.put(Metric.ofLab(total.word()), count));
    figures.putAll(Map.of(
      Metric.QUEUE_LIMIT.word(), (long) now.limit(),
      Metric.QUEUE_PROCESSING.word(), (long) now.processing(),
      Metric.QUEUE_WAITING.word(), (long) now.waiting(),
      Metric.QUEUE_BLOCKED.word(), (long) now.blocked(),
      Metric.QUEUE_USERS.word(), (long) now.users(),
      Metric.QUEUE_BYTES.word(), now.bytes(),
      Metric.QUEUE_OLDEST_WAITING_SECONDS.word(), now.oldestWaiting().toSeconds(),
      Metric.INSTANCES_OUT.word(), (long) now.instancesOut()));
    return figures;
  }

  /** How late this node's event loop is: the latest that a timer came in the last second. */
  static final class LoopLag {
    private static final long EVERY_MILLIS = 100;
    private static final int TICKS_PER_SECOND = 10;

    // Touched by the event loop alone, but for the last, which the figures read from elsewhere.
    private long lastTick = System.nanoTime();
    private long highest;
    private int ticks;
    private volatile long ofLastSecond;

    void start(Vertx vertx) {
      vertx.setPeriodic(EVERY_MILLIS, tick -> note(System.nanoTime()));
    }

    void note(long now) {
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
