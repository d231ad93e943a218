package io.anteroom.dispatch;

import io.anteroom.bus.Events;
import io.anteroom.queue.Claim;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands over the tasks of a node that stops: at once those that run, and those being sent once they have arrived. */
final class Drainer {
  private static final Logger log = LoggerFactory.getLogger(Drainer.class);

  /** How often to check whether the requests in flight have arrived. */
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(50);

  private final RunContext context;
  private final Dispatcher dispatcher;
  private final long deadline;

  Drainer(RunContext context, Dispatcher dispatcher) {
    this.context = context;
    this.dispatcher = dispatcher;
    this.deadline = context.ticker().nanos() + context.maxSendTime().toNanos();
  }

  Future<Void> drain() {
    return handOver(run -> !run.isSending()).compose(done -> awaitArrivals()).compose(done -> handOver(run -> true));
  }

  private Future<Void> awaitArrivals() {
    boolean someInFlight = dispatcher.isClaimPending() || dispatcher.runs().stream()
      .anyMatch(TaskRun::isSending);
    if (!someInFlight || context.ticker().nanos() - deadline > 0) {
      return Future.succeededFuture();
    }
    return context.pause(CHECK_INTERVAL).compose(waited -> awaitArrivals());
  }

  private Future<Void> handOver(Predicate<TaskRun> which) {
    List<TaskRun> runs = dispatcher.runs().stream().filter(which).toList();
    if (runs.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Claim> claims = runs.stream().map(TaskRun::claim).toList();
    log.info("Handing over running tasks: tasks={}", claims.size());
    return context.queue().handOver(claims)
      .onFailure(failure -> log.warn("It is unknown whether tasks were handed over, other nodes adopt them when "
        + "this node has left the cluster: tasks={} cause={}", claims.size(), failure.getMessage()))
      .onComplete(done -> {
        context.bus().publish(Events.HANDED_OVER, null);
        runs.forEach(TaskRun::abandon);
      })
      .otherwiseEmpty();
  }
}
