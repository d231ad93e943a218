package io.anteroom.comfy;

import io.anteroom.comfy.InstanceProbe.NotComfyUi;
import io.anteroom.task.TaskError;

/** The result of submitting a task to its instance. */
public sealed interface PostResult {

  /**
   * The instance accepted it, under our id.
   *
   * @param nodeErrors the JSON object of the parts that it does not run, as Python writes it
   */
  record Accepted(String nodeErrors) implements PostResult {
  }

  /**
   * Its own validation refused the workflow: nothing of it runs.
   *
   * @param body the whole response, as Python writes JSON; empty if it is not JSON
   */
  record Refused(TaskError error, String body) implements PostResult {
    /** The error with the whole response as its report. */
    public TaskError whole() {
      return new TaskError(error.type(), error.message(), error.details(), body);
    }
  }

  /** The instance cannot run it, for a reason outside of the workflow. */
  record Failed(TaskError error) implements PostResult {
  }

  /**
   * No connection could be made: certainly nothing was sent.
   *
   * @param seen what was found instead
   */
  record Unreachable(String cause, NotComfyUi seen) implements PostResult {
  }

  /**
   * It may or may not have it: check its state before a retry.
   *
   * @param sign what happened instead of a valid response
   */
  record Unknown(String cause, Sign sign) implements PostResult {
    /** Whether the instance is at fault if the task turns out not to be there. */
    public enum Sign {
      /** A response that indicates no fault. */
      OTHER_ANSWER,
      /** An error response, such as 500. */
      ERROR,
      /** No response in time. */
      NO_ANSWER,
      /** The connection broke: the instance may have crashed on this task. */
      CUT
    }

    /** Whether a response came, so that the request is no longer in transit. */
    public boolean answered() {
      return sign == Sign.OTHER_ANSWER || sign == Sign.ERROR;
    }
  }
}
