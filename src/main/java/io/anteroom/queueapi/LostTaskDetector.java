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
 * Remembers for a while what this node said was stored, and looks whether it still is when the store has come back: a
 * failover or a restore may have lost it. What is not known any more ends as {@code lost}, so that its student learns
 * of it; it is never run on suspicion.
 *
 * <p>A note is dropped only while the store is seen to be the same, so that a long failover makes none too old.
 */
final class LostTaskDetector {
  /** A replica is never so far behind. */
  static final Duration KEPT = Duration.ofSeconds(60);
  static final int MOST = 10_000;

  private static final Logger log = LoggerFactory.getLogger(LostTaskDetector.class);

  private final TaskQueue queue;
  private final Bus bus;
  private final MetricsRegistry tally;
  private final int most;
  /** Oldest first. All of it touched on the verticle's context only. */
  private final Map<TaskId, Note> notes = new LinkedHashMap<>();
  private Optional<String> generation = Optional.empty();
  private final SerialTask comparison = new SerialTask(this::compare);

  private record Note(String user, long nanos) {
  }

  /** @param most so many tasks at most are remembered */
  LostTaskDetector(TaskQueue queue, Bus bus, MetricsRegistry tally, int most) {
    this.most = most;
    this.queue = queue;
    this.bus = bus;
    this.tally = tally;
  }

  /** It was said of this task that it is stored. */
  void note(TaskId id, String user) {
    notes.remove(id);
    notes.put(id, new Note(user, System.nanoTime()));
    if (notes.size() > most) {
      notes.remove(notes.keySet().iterator().next());
    }
  }

  /** Their user does not want to hear of these any more. */
  void forget(Collection<TaskId> ids) {
    notes.keySet().removeAll(ids);
  }

  /** Looks whether the store has come back; called again and again. */
  Future<Void> look() {
    return comparison.runUnlessRunning();
  }

  private Future<Void> compare() {
    long asked = System.nanoTime();
    return queue.generation()
      .compose(now -> now.isPresent() ? seen(now, asked) : Future.succeededFuture());
  }

  private Future<Void> seen(Optional<String> now, long asked) {
    Map<TaskId, String> doubtful = new HashMap<>();
    if (!now.equals(generation)) {
      notes.forEach((id, note) -> doubtful.put(id, note.user()));
    }
    Future<List<TaskId>> lost = doubtful.isEmpty() ? Future.succeededFuture(List.of()) : queue.markLost(doubtful);
    return lost.map(ids -> {
      ids.forEach(id -> tell(id, doubtful.get(id)));
      generation = now;
      notes.values().removeIf(note -> asked - note.nanos() > KEPT.toNanos());
      return null;
    });
  }

  private void tell(TaskId id, String user) {
    log.error("The store has lost a task that it had acknowledged, its user is told: task={} user={}", id,
      UserName.logged(user));
    tally.count(Metric.QUEUE_LOST.word());
    notes.remove(id);
    bus.publish(Events.TASK, new TaskEvent(id, user, Happened.FINISHED, TaskState.LOST, ""));
  }
}
