package io.anteroom.dispatch;

import io.anteroom.async.SerialTask;
import io.anteroom.cluster.Incarnation;
import io.anteroom.queue.Claim;
import io.anteroom.queue.TaskQueue;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers tasks that no node watches: at once those of nodes that left the cluster or handed them over, and of this
 * node's former incarnations; after their lease those of nodes that hang; and this node's own whose claim it never
 * received.
 *
 * <p>A departure is a hint. If it was wrong, as in a split of the cluster, tasks change hands once; the fence keeps
 * their former owner from sending anything.
 */
final class Recoverer {
  private static final Logger log = LoggerFactory.getLogger(Recoverer.class);
  private static final int MAX_ADOPTED_AT_ONCE = 100;

  private final TaskQueue queue;
  private final Dispatcher dispatcher;
  private final String owner;
  private final SerialTask recovery;
  /** Prefixes of the owners whose leases are to expire now; each stays here until the store has done so. */
  private final Set<String> departed = new LinkedHashSet<>();

  Recoverer(RunContext context, Dispatcher dispatcher, Incarnation life) {
    this.queue = context.queue();
    this.dispatcher = dispatcher;
    this.owner = life.owner();
    this.recovery = new SerialTask(context.vertx(), this::recoverOnce);
    departed.add(Incarnation.ofNode(life.node()));
  }

  /** A node left: its tasks are adopted now. */
  Future<Void> onDeparture(Incarnation left) {
    log.info("A node has left the cluster, adopting its tasks: owner={}", left.owner());
    departed.add(left.owner());
    return recover();
  }

  /** Recovers what there is now; runs one pass at a time. */
  Future<Void> recover() {
    return recovery.request();
  }

  private Future<Void> recoverOnce() {
    if (dispatcher.isDraining()) {
      return Future.succeededFuture();
    }
    return expireLeases().compose(done -> adopt()).compose(done -> recoverClaims());
  }

  private Future<Void> expireLeases() {
    return departed.stream().findFirst().map(left -> queue.expireLeases(left, owner).compose(tasks -> {
      departed.remove(left);
      return expireLeases();
    })).orElseGet(Future::succeededFuture);
  }

  private Future<Void> adopt() {
    return queue.adopt(owner, MAX_ADOPTED_AT_ONCE)
      .compose(claims -> watch(claims, "Adopting a task whose node is gone"));
  }

  /** While a reply may still bring a claim, a task of this node that it does not watch proves nothing. */
  private Future<Void> recoverClaims() {
    return dispatcher.whenNoClaimIsPending().compose(none -> recoverUnwatched());
  }

  private Future<Void> recoverUnwatched() {
    Set<TaskId> watched = dispatcher.runs().stream().map(run -> run.claim().id()).collect(Collectors.toSet());
    return queue.recoverClaims(owner, watched)
      .compose(claims -> watch(claims, "Recovering a task whose claim did not reach this node"));
  }

  private Future<Void> watch(List<Claim> claims, String why) {
    for (Claim claim : claims) {
      log.info("{}: task={} instance={} stage={}", why, claim.id(), claim.instance(), claim.stage());
      dispatcher.takeOver(claim);
    }
    return claims.isEmpty() ? Future.succeededFuture() : dispatcher.reconcilePermits();
  }
}
