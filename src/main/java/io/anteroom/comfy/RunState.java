package io.anteroom.comfy;

import io.anteroom.task.TaskError;
import java.util.Optional;
import java.util.Set;

/** The state of a task at an instance. */
public sealed interface RunState {

  /**
   * In the instance's own queue.
   *
   * @param running ids of all runs that are running there meanwhile; empty if none is
   */
  record Pending(Set<String> running) implements RunState {
  }

  record Running() implements RunState {
  }

  /**
   * In the history, which is written last.
   *
   * @param error   unless it succeeded
   * @param outputs as a JSON object
   */
  record Ended(How how, Optional<TaskError> error, String outputs) implements RunState {
    /** The three ways a run can end. */
    public enum How { SUCCESS, ERROR, INTERRUPTED }
  }

  /** Never accepted, or deleted while pending, or forgotten in a restart. */
  record Absent() implements RunState {
  }
}
