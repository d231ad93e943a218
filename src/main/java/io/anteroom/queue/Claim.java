package io.anteroom.queue;

import io.anteroom.task.TaskId;

/**
 * The right to run, or to watch, one task.
 *
 * @param address  where the instance is; empty when the store does not know
 * @param fence    grows with every claim and adoption; an older one changes nothing any more
 * @param attempt  1 for the first run
 * @param unspent  how many of the attempts are not held against the task, because its instance did not begin them
 * @param stage    how far the former owner came
 * @param clientId the browser tab that is to hear of its progress
 * @param body     the request for ComfyUI
 * @param secrets  how the request ends with its user's secrets; empty without any
 * @param runningMillis how long it has been running already, by the clock of the store; 0 before it runs
 * @param cancelled whether its user has cancelled it meanwhile
 * @param unanswered whether its submitter has no answer yet
 */
public record Claim(
    TaskId id, String user, String instance, String address, long fence, int attempt, int unspent, Stage stage,
    String clientId, String body, String secrets, long runningMillis, boolean cancelled, boolean unanswered) {

  /** The same claim for the next attempt, of which nothing was sent yet. */
  public Claim nextAttempt() {
    return new Claim(id, user, instance, address, fence, attempt + 1, unspent, Stage.CLAIMED, clientId, body, secrets,
      0, cancelled, false);
  }

  /** Whether it can be sent; the request of a task whose submit the store lost is gone. */
  public boolean isSendable() {
    return !body.isEmpty();
  }

  /** How far a task came on its way to the instance. */
  public enum Stage {
    /** Taken off the queue; nothing was sent. */
    CLAIMED,
    /** The request may have been sent. */
    SUBMITTING,
    /** The instance has said that it has it. */
    RUNNING
  }
}
