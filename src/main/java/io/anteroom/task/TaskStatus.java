package io.anteroom.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a student may know of a task at one moment.
 *
 * @param clientId   the browser tab that gets its progress; empty when it does not matter
 * @param number     grows with every submit in the lab and stays the task's own; negative when it was put in front, as
 *                   at ComfyUI
 * @param position   1 = next, counted in the order in which tasks will really start; 0 when it does not wait, or is not
 *                   counted because its user is blocked
 * @param blocked    why it waits without a position, why its instance does not report its run, or that its instance
 *                   is on trial: an {@link InstanceOutage} as it is stored; empty when nothing holds it up
 * @param instance   the instance it runs on or ran on; empty while it waits
 * @param outputs    the JSON object in which ComfyUI lists what the task made; empty until it completed
 */
public record TaskStatus(
    TaskId id, String user, String clientId, TaskState state, long number, int position, String blocked,
    String instance, int attempts, Times times, Optional<Progress> progress, Optional<Estimate> estimate,
    Optional<TaskError> error, String outputs) {

  /** When it was submitted, started and finished, by the clock of Redis. */
  public record Times(Instant submitted, Optional<Instant> started, Optional<Instant> finished) {
  }

  public TaskStatus {
    if (position < 0) {
      throw new IllegalArgumentException("position must not be negative: " + position);
    }
  }

  /** How many tasks will start before this one. */
  public int ahead() {
    return Math.max(0, position - 1);
  }

  /** What holds it up, if anything does. */
  public Optional<InstanceOutage> outage() {
    return InstanceOutage.parse(blocked);
  }

  /** Whether it was cancelled before any instance had it: ComfyUI knows nothing of such a run. */
  public boolean isWithdrawn() {
    return state == TaskState.CANCELLED && times.started().isEmpty();
  }

  /** The same once it runs. */
  public TaskStatus processing() {
    return new TaskStatus(id, user, clientId, TaskState.PROCESSING, number, 0, "", instance, attempts, times, progress,
      estimate, error, outputs);
  }

  /** The same with progress and estimate, which the store does not have. */
  public TaskStatus with(Optional<Progress> newProgress, Optional<Estimate> newEstimate) {
    return new TaskStatus(id, user, clientId, state, number, position, blocked, instance, attempts, times, newProgress,
      newEstimate, error, outputs);
  }

  /** When a waiting task will start, or a running one end, as a range that mostly holds. */
  public record Estimate(Duration low, Duration high) {
    public Estimate {
      if (low.isNegative() || high.compareTo(low) < 0) {
        throw new IllegalArgumentException("an estimate runs from low to high: " + low + " to " + high);
      }
    }
  }

  /**
   * How far a running task has come.
   *
   * @param value steps done of the node that runs now
   * @param max   steps that this node has; 0 when it does not say
   * @param node  id of the node that runs now; empty between nodes
   */
  public record Progress(double value, double max, String node) {
    public Progress {
      if (!(value >= 0) || !(max >= 0) || node == null) {
        throw new IllegalArgumentException("progress must not be negative: " + value + " of " + max + " at " + node);
      }
    }
  }
}
