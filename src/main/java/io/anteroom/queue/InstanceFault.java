package io.anteroom.queue;

/**
 * Why a task did not run at its instance.
 *
 * @param reason an {@link io.anteroom.task.InstanceOutage} as it is stored, shown to users who wait for the instance
 */
public record InstanceFault(Kind kind, String reason) {

  /** The kind of fault. */
  public enum Kind {
    /** No connection could be made; nothing was sent. */
    UNREACHABLE,
    /** It answered with an error, or not in time, and does not have the task. */
    REFUSED,
    /** It had the task in its own queue and did not begin it, although nothing else ran. */
    STALLED
  }
}
