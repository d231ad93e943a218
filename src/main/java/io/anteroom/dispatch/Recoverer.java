package io.anteroom.dispatch;

import io.anteroom.async.SerialTask;
import io.anteroom.cluster.Incarnation;
import io.anteroom.queue.Claim;
import io.anteroom.queue.TaskQueue;
import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the tasks that nobody watches: at once those of nodes that left the cluster or handed over what they ran,
 * and of this node's former lives; after their lease those of nodes that hang; and this node's own that it never heard
 * of.
 *
 * <p>That somebody left is a hint. If it was wrong, as in a split of the cluster, tasks change hands once; whoever had
 * them before hears it from the store before anything is sent.
 */
final class Recoverer {
  private static final Logger log = LoggerFactory.getLogger(Recoverer.class);
  private static final int AT_ONCE = 100;

  private final TaskQueue queue;
  private final Dispatcher dispatcher;
  private final String owner;
  private final SerialTask recovery;
  /** With what the owners begin whose leases are to end; each stays here until the store has done it. */
  private final Set<String> gone = new LinkedHashSet<>();

  Recoverer(RunContext bench, Dispatcher dispatcher, Incarnation life) {
    this.queue = bench.queue();
    this.dispatcher = dispatcher;
    this.owner = life.owner();
    this.recovery = new SerialTask(bench.vertx(), this::takeOver);
    gone.add(Incarnation.ofNode(life.node()));
  }

  /** Somebody left: its tasks are taken over now. */
  Future<Void> departed(Incarnation left) {
    log.info("A node has left the cluster, its tasks are taken over: owner={}", left.owner());
    gone.add(left.owner());
    return look();
  }

  /** Takes over what there is now; asks the store once at a time. */
  Future<Void> look() {
    return recovery.run();
  }

  private Future<Void> takeOver() {
    if (dispatcher.isDraining()) {
      return Future.succeededFuture();
    }
    return orphan().compose(done -> adopt()).compose(done -> regain());
  }

  private Future<Void> orphan() {
    return gone.stream().findFirst().map(left -> queue.expireLeases(left, owner).compose(tasks -> {
      gone.remove(left);
      return orphan();
    })).orElseGet(Future::succeededFuture);
  }

  private Future<Void> adopt() {
    return queue.adopt(owner, AT_ONCE).compose(claims -> watch(claims, "Watching a task whose node is gone"));
  }

  /** While an answer may still bring a claim, a task that is not watched is no sign of anything. */
  private Future<Void> regain() {
    return dispatcher.whenNoClaimIsExpected().compose(none -> askForOwn());
  }

  private Future<Void> askForOwn() {
    return queue.recoverClaims(owner,
      dispatcher.runs().stream().map(run -> run.claim().id()).collect(Collectors.toSet()))
      .compose(claims -> watch(claims, "Watching a task whose claim this node did not hear of"));
  }

  private Future<Void> watch(List<Claim> claims, String why) {
    for (Claim claim : claims) {
      log.info("{}: task={} instance={} stage={}", why, claim.id(), claim.instance(), claim.stage());
      dispatcher.takeOver(claim);
    }
    return claims.isEmpty() ? Future.succeededFuture() : dispatcher.mend();
  }
}
