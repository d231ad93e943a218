package io.anteroom.status;

import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.task.Progress;
import io.anteroom.task.TaskId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The latest progress of every running task, as its watcher tells it; no store keeps it. */
final class ProgressBoard {
  /** Far above any limit; a hint that comes after the end of its task is the first to go. */
  private static final int MOST = 2_000;

  private final Map<TaskId, Progress> latest = new LinkedHashMap<>();

  void note(TaskEvent event) {
    latest.remove(event.id());
    if (event.happened() == Happened.PROGRESSED) {
      event.progress().ifPresent(made -> latest.put(event.id(), made));
    }
    if (latest.size() > MOST) {
      latest.remove(latest.keySet().iterator().next());
    }
  }

  Optional<Progress> of(TaskId id) {
    return Optional.ofNullable(latest.get(id));
  }
}
