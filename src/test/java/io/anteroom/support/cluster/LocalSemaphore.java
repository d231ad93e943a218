package io.anteroom.support.cluster;

import io.anteroom.cluster.ClusterSemaphore;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The semaphore of a cluster of one node: counts its permits in memory. */
public final class LocalSemaphore implements ClusterSemaphore {
  private final Set<String> held = new HashSet<>();
  private int limit;

  public LocalSemaphore(int limit) {
    this.limit = limit;
  }

  /** How many permits can be had now. */
  public synchronized int free() {
    return limit - held.size();
  }

  @Override
  public synchronized Future<Optional<Permit>> tryAcquire() {
    if (free() <= 0) {
      return Future.succeededFuture(Optional.empty());
    }
    Permit permit = new Permit(UUID.randomUUID().toString(), true);
    held.add(permit.id());
    return Future.succeededFuture(Optional.of(permit));
  }

  @Override
  public synchronized Future<Void> release(Permit permit) {
    held.remove(permit.id());
    return Future.succeededFuture();
  }

  @Override
  public synchronized Future<Void> reconcile(Collection<Permit> permits, int newLimit) {
    held.clear();
    permits.forEach(permit -> held.add(permit.id()));
    limit = newLimit;
    return Future.succeededFuture();
  }
}
