package io.anteroom.queue;

import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;

/**
 * A task on its way into the queue.
 *
 * @param pool       the instances that may run it
 * @param front      ahead of this user's own waiting tasks
 * @param clientId   the browser tab that is to hear of its progress
 * @param body       the request for ComfyUI, already checked and repaired; see {@code comfy.PromptBody}
 * @param secrets    how the request ends with its user's secrets, which are deleted at the task's end; empty without
 *                   any
 * @param rejectable whether its submitter waits for more than that it is stored
 */
public record Submission(TaskId id, String user, String pool, boolean front, String clientId, Payload body,
    String secrets, Rejectable rejectable) {

  /** When a stored task may still turn out never to have been one. */
  public enum Rejectable {
    /** Its submitter is answered as soon as it is stored. */
    NEVER,
    /** When it may start at once: its instance says what it thinks of it. */
    AT_START,
    /** When it has to wait, too: there is something to be said against it. */
    ANYHOW
  }

  /** One that is stored for good, and whose request is a text. */
  public Submission(TaskId id, String user, String pool, boolean front, String clientId, String body, String secrets) {
    this(id, user, pool, front, clientId, Payload.of(body), secrets, Rejectable.NEVER);
  }

  /**
   * What became of a submit.
   *
   * @param repeated  whether this very task was there already
   * @param startable whether it is worth looking at once: a place and a slot are free for some waiting task, or it is
   *                  the
   *                  next to start
   */
  public record Receipt(TaskStatus status, boolean repeated, boolean startable) {
  }
}
