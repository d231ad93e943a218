package io.anteroom.support.cluster;

import io.anteroom.cluster.ClusterSemaphore;
import io.anteroom.cluster.ClusterSemaphore.Permit;
import io.anteroom.cluster.Incarnation;
import io.anteroom.cluster.Membership;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/** A semaphore that always lets pass: what is left when the cluster does not answer, and the queue alone decides. */
public final class FreeSemaphore implements ClusterSemaphore {
  /** A node that has one, and learns of no node that leaves. */
  public static Membership alone() {
    return new Membership(new Incarnation("alone", UUID.randomUUID().toString()), new FreeSemaphore(),
      heir -> () -> { });
  }

  @Override
  public Future<Optional<Permit>> tryAcquire() {
    return Future.succeededFuture(Optional.of(new Permit(UUID.randomUUID().toString(), false)));
  }

  @Override
  public Future<Void> release(Permit permit) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> reconcile(Collection<Permit> held, int limit) {
    return Future.succeededFuture();
  }
}
