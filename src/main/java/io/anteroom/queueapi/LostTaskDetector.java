package io.anteroom.queueapi;

import io.anteroom.async.SerialTask;
import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.directory.UserName;
import io.anteroom.metrics.Metric;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.TaskQueue;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers recently acknowledged tasks, and checks after a failover or a restore that the store still has them. A lost
 * task ends as {@code lost}, so that its student learns of it; it is never run on suspicion.
 *
 * <p>Entries expire only while the store is known to be the same, so that a long failover does not drop them.
 */
final class LostTaskDetector {
  /** No replica lags this far behind. */
  static final Duration KEPT = Duration.ofSeconds(60);
  static final int MAX_TASKS = 10_000;

  private static final Logger log = LoggerFactory.getLogger(LostTaskDetector.class);

  private final TaskQueue queue;
  private final Bus bus;
  private final MetricsRegistry metrics;
  private final int max;
  /** Oldest first. Used on the verticle's context only. */
  private final Map<TaskId, Entry> entries = new LinkedHashMap<>();
  private Optional<String> generation = Optional.empty();
  private final SerialTask comparison = new SerialTask(this::compare);

  private record Entry(String user, long nanos) {
  }

  /** @param max how many tasks are remembered */
  LostTaskDetector(TaskQueue queue, Bus bus, MetricsRegistry metrics, int max) {
    this.max = max;
    this.queue = queue;
    this.bus = bus;
    this.metrics = metrics;
  }

  /** Remembers an acknowledged task. */
  void add(TaskId id, String user) {
    entries.remove(id);
    entries.put(id, new Entry(user, System.nanoTime()));
    if (entries.size() > max) {
      entries.remove(entries.keySet().iterator().next());
    }
  }

  /** Forgets tasks that their user has deleted. */
  void forget(Collection<TaskId> ids) {
    entries.keySet().removeAll(ids);
  }

  /** Checks whether the store was replaced; called periodically. */
  Future<Void> poll() {
    return comparison.runUnlessRunning();
  }

  private Future<Void> compare() {
    long began = System.nanoTime();
    return queue.generation()
      .compose(now -> now.isPresent() ? verify(now, began) : Future.succeededFuture());
  }

  private Future<Void> verify(Optional<String> now, long began) {
    Map<TaskId, String> suspects = new HashMap<>();
    if (!now.equals(generation)) {
      entries.forEach((id, entry) -> suspects.put(id, entry.user()));
    }
    Future<List<TaskId>> lost = suspects.isEmpty() ? Future.succeededFuture(List.of()) : queue.markLost(suspects);
    return lost.map(ids -> {
      ids.forEach(id -> report(id, suspects.get(id)));
      generation = now;
      entries.values().removeIf(entry -> began - entry.nanos() > KEPT.toNanos());
      return null;
    });
  }

  private void report(TaskId id, String user) {
    log.error("The store has lost an acknowledged task, its user is notified: task={} user={}", id,
      UserName.logged(user));
    metrics.count(Metric.QUEUE_LOST.word());
    entries.remove(id);
    bus.publish(Events.TASK, new TaskEvent(id, user, Happened.FINISHED, TaskState.LOST, ""));
  }
}
