package io.anteroom.dispatch;

import io.anteroom.bus.Events;
import io.anteroom.queue.Claim;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives away what a node runs when it stops: at once what runs, and what is being sent as soon as it has arrived. */
final class Drainer {
  private static final Logger log = LoggerFactory.getLogger(Drainer.class);

  /** How soon to see whether a request on its way has arrived. */
  private static final Duration ARRIVAL = Duration.ofMillis(50);

  private final RunContext bench;
  private final Dispatcher dispatcher;
  private final long deadline;

  Drainer(RunContext bench, Dispatcher dispatcher) {
    this.bench = bench;
    this.dispatcher = dispatcher;
    this.deadline = bench.ticker().nanos() + bench.longestSending().toNanos();
  }

  Future<Void> go() {
    return give(run -> !run.isSending()).compose(done -> arrivals()).compose(done -> give(run -> true));
  }

  private Future<Void> arrivals() {
    boolean someAreOnTheirWay = dispatcher.isExpectingClaims() || dispatcher.runs().stream()
      .anyMatch(TaskRun::isSending);
    if (!someAreOnTheirWay || bench.ticker().nanos() - deadline > 0) {
      return Future.succeededFuture();
    }
    return bench.pause(ARRIVAL).compose(waited -> arrivals());
  }

  private Future<Void> give(Predicate<TaskRun> which) {
    List<TaskRun> runs = dispatcher.runs().stream().filter(which).toList();
    if (runs.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Claim> claims = runs.stream().map(TaskRun::claim).toList();
    log.info("Handing over what runs: tasks={}", claims.size());
    return bench.queue().handOver(claims)
      .onFailure(failure -> log.warn("It is unknown whether tasks were handed over, others take over when this node "
        + "has left the cluster: tasks={} cause={}", claims.size(), failure.getMessage()))
      .onComplete(done -> {
        bench.bus().publish(Events.HANDED_OVER, null);
        runs.forEach(TaskRun::walkAway);
      })
      .otherwiseEmpty();
  }
}
