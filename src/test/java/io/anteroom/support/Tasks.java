package io.anteroom.support;

import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.Submission;
import io.anteroom.task.TaskId;
import java.time.Duration;
import java.util.List;

/** Example tasks: every user has an instance and a pool of his own name. */
public final class Tasks {
  private Tasks() {
  }

  /** A lab of these users with room for {@code limit} tasks. */
  public static QueueConfig lab(int limit, String... users) {
    return new QueueConfig(limit, 1, 3, Duration.ofSeconds(15), Duration.ofHours(1),
      List.of(users).stream().map(user -> new QueueConfig.Room(user, user, 1)).toList());
  }

  public static Submission task(TaskId id, String user) {
    return new Submission(id, user, user, false, "tab-of-" + user, "{\"prompt\":{}", "");
  }
}
