package io.anteroom.queue;

import io.anteroom.task.TaskError;
import io.anteroom.task.TaskState;
import java.util.Optional;

/**
 * How a task ended.
 *
 * @param state   a final state
 * @param error   for all states but {@code completed}
 * @param outputs the JSON object in which ComfyUI lists its outputs; empty for none
 * @param refused whether its instance rejected it before running any of it
 */
public record Outcome(TaskState state, Optional<TaskError> error, String outputs, boolean refused) {
  public Outcome {
    if (!state.isFinal()) {
      throw new IllegalArgumentException("a task cannot end as " + state.word());
    }
  }

  /** It ran to its end. */
  public static Outcome completed(String outputs) {
    return new Outcome(TaskState.COMPLETED, Optional.empty(), outputs, false);
  }

  /** It failed in the middle; the outputs until then are kept. */
  public static Outcome failed(Optional<TaskError> error, String outputs) {
    return new Outcome(TaskState.FAILED, error, outputs, false);
  }

  /** Its instance did not accept it. */
  public static Outcome refused(TaskError error) {
    return new Outcome(TaskState.FAILED, Optional.of(error), "", true);
  }

  /** It ended in another state. */
  public static Outcome of(TaskState state, TaskError error) {
    return new Outcome(state, Optional.of(error), "", false);
  }
}
