package io.anteroom.comfy;

import io.anteroom.task.TaskError;

/** What is known after a task was sent to its instance. */
public sealed interface Posting {

  /** The instance has it, under our id. */
  record Accepted() implements Posting {
  }

  /** The instance will not have it, and says why. */
  record Rejected(TaskError error) implements Posting {
  }

  /** No connection came about: certainly nothing was sent. */
  record Unreachable(String cause) implements Posting {
  }

  /**
   * It may or may not have it: look before anything is sent again.
   *
   * @param answered whether an answer came, so that the request is not on its way any more
   */
  record Unknown(String cause, boolean answered) implements Posting {
  }
}
