package io.anteroom.queue;

import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;

/**
 * A task on its way into the queue.
 *
 * @param pool       the instances that may run it
 * @param front      whether it goes ahead of this user's own waiting tasks
 * @param clientId   the browser tab that gets its progress
 * @param body       the request for ComfyUI, already checked and repaired; see {@code comfy.PromptRequest}
 * @param secrets    the end of the request with its user's secrets, which are deleted when the task ends; empty for
 *                   none
 * @param rejectable whether its submitter waits for more than that it is stored
 */
public record Submission(TaskId id, String user, String pool, boolean front, String clientId, Payload body,
    String secrets, Rejectable rejectable) {

  /** When a stored task may still be rejected, as if it had never been submitted. */
  public enum Rejectable {
    /** Never: its submitter is answered as soon as it is stored. */
    NEVER,
    /** If it may start at once: its instance then validates it. */
    AT_START,
    /** Also if it has to wait: something speaks against it. */
    ANYHOW
  }

  /** A submission that cannot be rejected once it is stored, and whose request is a text. */
  public Submission(TaskId id, String user, String pool, boolean front, String clientId, String body, String secrets) {
    this(id, user, pool, front, clientId, Payload.of(body), secrets, Rejectable.NEVER);
  }

  /**
   * The result of a submit.
   *
   * @param repeated  whether this very task was stored already
   * @param startable whether a claim is worth a try: a permit and a slot are free for some waiting task, or this task
   *                  is the next to start
   */
  public record Receipt(TaskStatus status, boolean repeated, boolean startable) {
  }
}
