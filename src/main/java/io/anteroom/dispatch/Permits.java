package io.anteroom.dispatch;

import io.anteroom.cluster.ClusterSemaphore;
import io.anteroom.cluster.Permit;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The permits that this node holds, those of tasks just being claimed included. Used on one event loop only. */
final class Permits {
  private final ClusterSemaphore semaphore;
  private final Set<Permit> held = new HashSet<>();

  Permits(ClusterSemaphore semaphore) {
    this.semaphore = semaphore;
  }

  /** One more, if the house is not full. */
  Future<Optional<Permit>> tryAcquire() {
    return semaphore.tryAcquire().onSuccess(permit -> permit.ifPresent(held::add));
  }

  /** One more for a task that has its place already; the next mending counts it. */
  Permit ofTaskThatRuns() {
    Permit permit = new Permit(UUID.randomUUID().toString(), true);
    held.add(permit);
    return permit;
  }

  Future<Void> giveBack(Permit permit) {
    held.remove(permit);
    return semaphore.release(permit);
  }

  /** Makes the cluster's table of permits agree with what is held here, and with the limit in force. */
  Future<Void> mend(int limit) {
    return semaphore.mend(held, limit);
  }
}
