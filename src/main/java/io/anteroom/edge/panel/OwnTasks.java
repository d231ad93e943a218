package io.anteroom.edge.panel;

import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that the queue knows of a student's tasks at one moment; it alone decides what state each is in.
 *
 * <p>An instance's own lists lag behind it or run ahead, so an id is never taken from them to be in another state.
 */
final class OwnTasks {
  private final List<TaskStatus> all;
  private final Map<String, TaskStatus> byId;

  /** @param all running, then waiting in their order, then the latest that ended */
  OwnTasks(List<TaskStatus> all) {
    this.all = all;
    this.byId = all.stream().collect(Collectors.toMap(task -> task.id().value(), Function.identity()));
  }

  List<TaskStatus> all() {
    return all;
  }

  boolean knows(String id) {
    return byId.containsKey(id);
  }

  Optional<TaskStatus> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  List<TaskStatus> running() {
    return in(TaskState.PROCESSING).toList();
  }

  /** In the order in which they will start. */
  List<TaskStatus> waiting() {
    return in(TaskState.QUEUED).toList();
  }

  /** Those that have ended, in the order of their ends; without those of which ComfyUI would keep nothing. */
  List<TaskStatus> ended() {
    return all.stream().filter(task -> task.state().isFinal() && !task.isWithdrawn())
      .sorted(Comparator.comparing(OwnTasks::end).thenComparing(TaskStatus::number)).toList();
  }

  List<TaskId> unended() {
    return all.stream().filter(task -> !task.state().isFinal()).map(TaskStatus::id).toList();
  }

  private static Instant end(TaskStatus task) {
    return task.times().finished().orElse(Instant.EPOCH);
  }

  private Stream<TaskStatus> in(TaskState state) {
    return all.stream().filter(task -> task.state() == state);
  }
}
