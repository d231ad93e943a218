package io.anteroom.queue;

import io.anteroom.task.TaskId;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * The right to run, or to watch, one task.
 *
 * @param address  the URL of the instance; empty when the store does not know it
 * @param fence    fencing token: grows with every claim and adoption; a write with an older one is rejected
 * @param attempt  1 for the first run
 * @param unspent  how many of the attempts do not count against the task, because its instance did not begin them
 * @param stage    how far the former owner came
 * @param clientId the browser tab that gets its progress
 * @param request  what the store has of the request for ComfyUI, which {@link TaskQueue#open} reads
 * @param runningMillis how long it has been running, by the clock of the store; 0 before it runs
 * @param cancelled whether its user has cancelled it
 * @param unanswered whether its submitter has no answer yet
 */
public record Claim(
    TaskId id, String user, String instance, String address, long fence, int attempt, int unspent, Stage stage,
    String clientId, Stored request, long runningMillis, boolean cancelled, boolean unanswered) {

  /** The same claim for the next attempt; nothing of it was sent yet. */
  public Claim nextAttempt() {
    return new Claim(id, user, instance, address, fence, attempt + 1, unspent, Stage.CLAIMED, clientId, request, 0,
      cancelled, false);
  }

  /** Whether it can be sent; a task whose submit the store lost has no request. */
  public boolean isSendable() {
    return request.parts() > 0;
  }

  /**
   * A request as the store has it.
   *
   * @param parts  how many parts it has; 0 for none
   * @param length of the request as it is sent, in bytes
   * @param ready  its only part and its secrets as they are stored, if they came with the claim
   */
  public record Stored(int parts, long length, Optional<Ready> ready) {
    public static final Stored NOTHING = new Stored(0, 0, Optional.empty());
  }

  /** A request that needs no more reading. */
  public record Ready(Buffer part, Buffer secrets) {
  }

  /** How far a task came on its way to the instance. */
  public enum Stage {
    /** Taken from the queue; nothing was sent. */
    CLAIMED,
    /** The request may have been sent. */
    SUBMITTING,
    /** The instance has accepted it. */
    RUNNING
  }
}
