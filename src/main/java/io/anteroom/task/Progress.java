package io.anteroom.task;

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
