package io.anteroom.support;

import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.anteroom.task.TaskStatus.Estimate;
import io.anteroom.task.TaskStatus.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Example statuses of tasks. */
public final class Statuses {
  public static final TaskId ID = new TaskId("11111111-2222-3333-4444-555555555555");
  private static final Instant AT = Instant.parse("2026-11-23T08:00:00Z");

  private Statuses() {
  }

  public static TaskStatus waiting(String user, int position) {
    return new TaskStatus(ID, user, "", TaskState.QUEUED, 7, position, "", "", 0,
      new TaskStatus.Times(AT, Optional.empty(), Optional.empty()), Optional.empty(),
      Optional.of(new Estimate(Duration.ofMillis(90_001), Duration.ofMinutes(3))), Optional.empty(), "");
  }

  public static TaskStatus running(String user) {
    return new TaskStatus(ID, user, "", TaskState.PROCESSING, 7, 0, "", "gpu-01", 1,
      new TaskStatus.Times(AT, Optional.of(AT.plusSeconds(5)), Optional.empty()),
      Optional.of(new Progress(3, 20, "5")), Optional.empty(), Optional.empty(), "");
  }

  public static TaskStatus failed(String user) {
    return new TaskStatus(ID, user, "", TaskState.FAILED, 7, 0, "", "gpu-01", 1,
      new TaskStatus.Times(AT, Optional.of(AT.plusSeconds(5)), Optional.of(AT.plusSeconds(9))), Optional.empty(),
      Optional.empty(), Optional.of(new TaskError("value_not_in_list", "no such model", "node 4", "{}")),
      "{\"9\":{\"images\":[]}}");
  }
}
