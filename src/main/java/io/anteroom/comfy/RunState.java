package io.anteroom.comfy;

import io.anteroom.task.TaskError;
import java.util.Optional;
import java.util.Set;

/** Where an instance has a task. */
public sealed interface RunState {

  /**
   * In the instance's own queue.
   *
   * @param running the ids of what runs there meanwhile, whoever's; empty when nothing does
   */
  record Pending(Set<String> running) implements RunState {
  }

  record Running() implements RunState {
  }

  /**
   * In history, which is written last.
   *
   * @param how     how it ended
   * @param error   why, unless it succeeded
   * @param outputs the JSON object of what it made
   */
  record Ended(How how, Optional<TaskError> error, String outputs) implements RunState {
    /** The three ways a run can end. */
    public enum How { SUCCESS, ERROR, INTERRUPTED }
  }

  /** Never accepted, or deleted while pending, or forgotten in a restart. */
  record Absent() implements RunState {
  }
}
