package io.anteroom.status;

import io.anteroom.task.TaskId;
import java.util.Optional;

/**
 * What somebody wants to know about.
 *
 * @param user whose question it is; others' tasks do not exist for him
 * @param task  empty: the user's tasks
 * @param ended of these, how many that ended at most
 */
record Subject(String user, Optional<TaskId> task, int ended) {
  static Subject task(String user, TaskId id) {
    return new Subject(user, Optional.of(id), 0);
  }

  static Subject tasksOf(String user, int ended) {
    return new Subject(user, Optional.empty(), ended);
  }
}
