package io.anteroom.cluster;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.Optional;

/**
 * The gate in front of the queue: a cluster-wide count of tasks that run, cheap to ask.
 *
 * <p>It refuses a full house without asking the store and gives a dead node's permits back within a second. It is not
 * the proof of the limit, the queue's claim is: where it cannot be asked in time, it lets pass.
 */
public interface ClusterSemaphore {

  /** A permit if one is free now; never waits. Answers an uncounted permit when the cluster does not answer in time. */
  Future<Optional<Permit>> tryAcquire();

  /** Gives a permit back; once more than once does nothing. */
  Future<Void> release(Permit permit);

  /**
   * Makes the cluster's table agree with the store again: this node holds exactly these permits, and the limit is this.
   * Called every few seconds and after a merge.
   */
  Future<Void> mend(Collection<Permit> held, int limit);

  /**
   * The right that one task runs.
   *
   * @param counted false for one that was given because the cluster did not answer
   */
  public record Permit(String id, boolean counted) {
  }
}
