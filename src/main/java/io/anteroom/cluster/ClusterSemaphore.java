package io.anteroom.cluster;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.Optional;

/**
 * The concurrency limit in front of the queue: a cluster-wide count of tasks that run, cheap to read.
 *
 * <p>It turns a claim down without a call to the store when the limit is reached, and frees the permits of a dead node
 * within a second. It does not prove the limit, the queue's claim does: when the cluster does not answer in time, it
 * lets the claim pass.
 */
public interface ClusterSemaphore {

  /** A permit if one is free now; never waits. The permit is uncounted when the cluster does not answer in time. */
  Future<Optional<Permit>> tryAcquire();

  /** Releases a permit. Idempotent. */
  Future<Void> release(Permit permit);

  /**
   * Reconciles the cluster's table with the store: this node holds exactly these permits, and the limit is this one.
   * Called every few seconds and after a merge. Fails when the cluster does not answer in time.
   */
  Future<Void> reconcile(Collection<Permit> held, int limit);

  /**
   * The right that one task runs.
   *
   * @param counted false for a permit that was given because the cluster did not answer
   */
  public record Permit(String id, boolean counted) {
  }
}
