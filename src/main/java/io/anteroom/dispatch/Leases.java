package io.anteroom.dispatch;

import io.anteroom.queue.Claim;
import io.anteroom.queue.TaskQueue;
import io.vertx.core.Future;
import java.util.List;

/** Renews the leases of everything that runs here, and hears on the way what is ours no more or is to be cancelled. */
final class Leases {
  private final TaskQueue queue;
  private final Dispatcher dispatcher;

  Leases(TaskQueue queue, Dispatcher dispatcher) {
    this.queue = queue;
    this.dispatcher = dispatcher;
  }

  Future<Void> renew() {
    List<Claim> claims = dispatcher.runs().stream().map(Run::claim).toList();
    if (claims.isEmpty()) {
      return Future.succeededFuture();
    }
    return queue.renew(claims).map(renewal -> {
      renewal.lost().forEach(id -> dispatcher.run(id).ifPresent(Run::walkAway));
      renewal.cancelled().forEach(id -> dispatcher.run(id).ifPresent(Run::cancel));
      return null;
    });
  }
}
