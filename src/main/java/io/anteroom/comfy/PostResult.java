package io.anteroom.comfy;

import io.anteroom.comfy.InstanceProbe.NotComfyUi;
import io.anteroom.task.TaskError;

/** What is known after a task was sent to its instance. */
public sealed interface PostResult {

  /**
   * The instance has it, under our id.
   *
   * @param nodeErrors the JSON object in which it says which parts it does not run, as Python writes it
   */
  record Accepted(String nodeErrors) implements PostResult {
  }

  /**
   * Its own checks refuse the workflow: nothing of it runs.
   *
   * @param body the whole answer, as Python writes JSON; empty when it is none
   */
  record Refused(TaskError error, String body) implements PostResult {
    /** The error with all of the answer as its report. */
    public TaskError whole() {
      return new TaskError(error.type(), error.message(), error.details(), body);
    }
  }

  /** The instance cannot run it for a reason that is not the workflow's. */
  record Failed(TaskError error) implements PostResult {
  }

  /**
   * No connection came about: certainly nothing was sent.
   *
   * @param seen what stands at its address instead
   */
  record Unreachable(String cause, NotComfyUi seen) implements PostResult {
  }

  /**
   * It may or may not have it: look before anything is sent again.
   *
   * @param sign what was noticed instead of a good answer
   */
  record Unknown(String cause, Sign sign) implements PostResult {
    /** What tells of an instance that is ill when the task turns out not to be there, and what does not. */
    public enum Sign {
      /** An answer that is nobody's fault. */
      OTHER_ANSWER,
      /** An answer that says that something broke, 500 for instance. */
      ERROR,
      /** No answer in time. */
      NO_ANSWER,
      /** The connection broke: the instance may have died of this very task. */
      CUT
    }

    /** Whether an answer came, so that the request is not on its way any more. */
    public boolean answered() {
      return sign == Sign.OTHER_ANSWER || sign == Sign.ERROR;
    }
  }
}
