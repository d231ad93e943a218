package io.anteroom.admin;

import io.anteroom.metrics.Figure;
import io.anteroom.metrics.Tally;
import io.anteroom.queue.TaskQueue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Reads this node's figures: its tally, its JVM, and the queue as it sees it. */
final class NodeFigures {
  private static final long QUEUE_PATIENCE_MILLIS = 500;

  private final Tally tally;
  private final TaskQueue queue;

  NodeFigures(Tally tally, TaskQueue queue, LoopLag lag) {
    this.tally = tally;
    this.queue = queue;
    // A counter that never counted is told as zero, so that whoever watches has something to compare with.
    Stream.of(Figure.values()).filter(figure -> figure.kind() == Figure.Kind.COUNTER)
      .forEach(figure -> tally.add(figure.word(), 0));
    tally.gauge(Figure.HEAP_USED_BYTES.word(),
      () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    tally.gauge(Figure.UPTIME_SECONDS.word(),
      () -> TimeUnit.MILLISECONDS.toSeconds(ManagementFactory.getRuntimeMXBean().getUptime()));
    tally.gauge(Figure.EVENT_LOOP_LAG_MS.word(), lag::millis);
  }

  /** Never fails; while the store does not answer, the queue's figures are left out rather than told as zero. */
  Future<Map<String, Long>> read() {
    Map<String, Long> figures = tally.read();
    return queue.figures()
      .timeout(QUEUE_PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
      .onSuccess(now -> figures.putAll(ofQueue(now)))
      .map(figures)
      .otherwise(figures);
  }

  private static Map<String, Long> ofQueue(TaskQueue.Figures now) {
    Map<String, Long> figures = new HashMap<>();
    now.totals().forEach((total, count) -> figures.put(Figure.ofLab(total.word()), count));
    figures.putAll(Map.of(
      Figure.QUEUE_LIMIT.word(), (long) now.limit(),
      Figure.QUEUE_PROCESSING.word(), (long) now.processing(),
      Figure.QUEUE_WAITING.word(), (long) now.waiting(),
      Figure.QUEUE_BLOCKED.word(), (long) now.blocked(),
      Figure.QUEUE_USERS.word(), (long) now.users(),
      Figure.QUEUE_BYTES.word(), now.bytes(),
      Figure.QUEUE_OLDEST_WAITING_SECONDS.word(), now.oldestWaiting().toSeconds(),
      Figure.INSTANCES_OUT.word(), (long) now.instancesOut()));
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
