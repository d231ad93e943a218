package io.anteroom.dispatch;

import io.anteroom.async.Ticker;
import io.anteroom.queue.Claim;
import io.anteroom.queue.TaskQueue;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The heartbeat of running tasks: renews their leases, and learns which of them were lost or cancelled meanwhile. */
final class LeaseRenewer {
  /** How often to check whether a renewal is due. */
  static final Duration CHECK_INTERVAL = Duration.ofMillis(250);

  private final TaskQueue queue;
  private final Dispatcher dispatcher;
  private final Supplier<Duration> interval;
  private final Ticker ticker;
  private long renewedAt;

  /** @param interval between two renewals; changes with the lease in force */
  LeaseRenewer(TaskQueue queue, Dispatcher dispatcher, Supplier<Duration> interval, Ticker ticker) {
    this.queue = queue;
    this.dispatcher = dispatcher;
    this.interval = interval;
    this.ticker = ticker;
    this.renewedAt = ticker.nanos();
  }

  Future<Void> renewWhenDue() {
    long now = ticker.nanos();
    if (now - renewedAt < interval.get().toNanos()) {
      return Future.succeededFuture();
    }
    renewedAt = now;
    return renew();
  }

  private Future<Void> renew() {
    List<Claim> claims = dispatcher.runs().stream().map(TaskRun::claim).toList();
    if (claims.isEmpty()) {
      return Future.succeededFuture();
    }
    return queue.renew(claims).map(renewal -> {
      renewal.lost().forEach(id -> dispatcher.run(id).ifPresent(TaskRun::abandon));
      renewal.cancelled().forEach(id -> dispatcher.run(id).ifPresent(TaskRun::cancel));
      return null;
    });
  }
}
