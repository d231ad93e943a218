package io.anteroom.queue;

/**
 * What of an instance kept a task from running there.
 *
 * @param reason an {@link io.anteroom.task.InstanceOutage} as it is stored, for those who wait for the instance
 */
public record InstanceFault(Kind kind, String reason) {

  /** What happened. */
  public enum Kind {
    /** No connection came about, nothing was sent. */
    UNREACHABLE,
    /** It answered with an error, or not in time, and does not have the task. */
    REFUSED,
    /** It had the task in its own queue, and did not begin it while nothing else ran. */
    STALLED
  }
}
