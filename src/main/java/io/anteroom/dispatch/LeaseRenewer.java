package io.anteroom.dispatch;

import io.anteroom.async.Ticker;
import io.anteroom.queue.Claim;
import io.anteroom.queue.TaskQueue;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Renews the leases of everything that runs here, and hears on the way what is ours no more or is to be cancelled. */
final class LeaseRenewer {
  /** How often to look whether it is time. */
  static final Duration LOOK = Duration.ofMillis(250);

  private final TaskQueue queue;
  private final Dispatcher dispatcher;
  private final Supplier<Duration> interval;
  private final Ticker ticker;
  private long last;

  /** @param interval another one as soon as another lease is in force */
  LeaseRenewer(TaskQueue queue, Dispatcher dispatcher, Supplier<Duration> interval, Ticker ticker) {
    this.queue = queue;
    this.dispatcher = dispatcher;
    this.interval = interval;
    this.ticker = ticker;
    this.last = ticker.nanos();
  }

  Future<Void> renewWhenDue() {
    long now = ticker.nanos();
    if (now - last < interval.get().toNanos()) {
      return Future.succeededFuture();
    }
    last = now;
    return renew();
  }

  private Future<Void> renew() {
    List<Claim> claims = dispatcher.runs().stream().map(TaskRun::claim).toList();
    if (claims.isEmpty()) {
      return Future.succeededFuture();
    }
    return queue.renew(claims).map(renewal -> {
      renewal.lost().forEach(id -> dispatcher.run(id).ifPresent(TaskRun::walkAway));
      renewal.cancelled().forEach(id -> dispatcher.run(id).ifPresent(TaskRun::cancel));
      return null;
    });
  }
}
