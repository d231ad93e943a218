package io.anteroom.node;

import io.anteroom.cluster.hazelcast.HazelcastStores;
import io.anteroom.cluster.hazelcast.HazelcastStores.Comparison;
import io.anteroom.cluster.hazelcast.HazelcastStores.Rival;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps two nodes of one cluster from serving with a store each, for then the limit holds for neither. The store of the
 * cluster is that of its earliest member; one that has another does not serve until it has the same, or the other has
 * left.
 */
final class SharedStoreGuard {
  private static final Logger log = LoggerFactory.getLogger(SharedStoreGuard.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofMillis(250);
  /** So long those that joined earlier have time to announce their stores; then one of them has none, or hangs. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  /** Other nodes notice a failover, or a store that was emptied, a moment later or earlier. */
  private static final int TICKS_THAT_COUNT = 6;

  private final Vertx vertx;
  private final HazelcastStores stores;
  private final Supplier<Future<String>> identity;
  private final String place;
  private final Service service;
  /** Members with another store, of which it was said. */
  private final Set<String> said = new HashSet<>();
  private volatile String objection = "";
  // Changed by one look at a time, which may end on another thread than it began.
  private volatile boolean serving;
  private volatile boolean busy;
  private volatile boolean ended;
  private volatile int differed;
  private volatile long notBefore = System.nanoTime();
  private volatile long timer = -1;

  /** What a node does for others. */
  interface Service {
    Future<Void> start();

    Future<Void> stop();
  }

  /**
   * @param identity of this node's store; fails while that does not answer
   * @param place    where it is, in words and without secrets
   */
  SharedStoreGuard(Vertx vertx, HazelcastStores stores, Supplier<Future<String>> identity, String place,
      Service service) {
    this.vertx = vertx;
    this.stores = stores;
    this.identity = identity;
    this.place = place;
    this.service = service;
  }

  /** Why this node does not serve; empty when it does. */
  String objection() {
    return objection;
  }

  /** Starts the service unless the store of the cluster is another; done when that is known. */
  Future<Void> start() {
    return settle(System.nanoTime() + PATIENCE.toNanos())
      .compose(senior -> senior.map(this::refuse).orElseGet(this::serve))
      .onSuccess(known -> timer = vertx.setPeriodic(TICK.toMillis(), tick -> look()));
  }

  /** Looks no more. */
  void end() {
    ended = true;
    vertx.cancelTimer(timer);
  }

  private Future<Comparison> compare() {
    return identity.get().compose(store -> stores.compare(store, place));
  }

  /** The earlier member with another store; a store that does not answer is seen by those who need it. */
  private Future<Optional<Rival>> settle(long deadline) {
    return identity.get().transform((store, away) -> away != null ? Future.succeededFuture(Optional.empty())
      : stores.compare(store, place).transform((found, failure) -> {
        boolean isKnown = failure == null && (found.complete() || found.senior().isPresent());
        return isKnown || System.nanoTime() - deadline > 0
          ? Future.succeededFuture(Optional.ofNullable(found).flatMap(Comparison::senior))
          : vertx.timer(AGAIN.toMillis(), TimeUnit.MILLISECONDS).compose(waited -> settle(deadline));
      }));
  }

  private void look() {
    if (busy) {
      return;
    }
    busy = true;
    compare().compose(this::follow)
      .onFailure(failure ->
        log.debug("The stores of the cluster were not compared, next try soon: cause={}", failure.getMessage()))
      .onComplete(done -> busy = false);
  }

  private Future<Void> follow(Comparison found) {
    if (ended) {
      return Future.succeededFuture();
    }
    found.juniors().forEach(this::say);
    said.retainAll(found.juniors().stream().map(Rival::node).collect(Collectors.toSet()));
    int before = differed;
    differed = found.senior().isPresent() ? before + 1 : 0;
    if (!serving && differed == 0) {
      return resume();
    }
    return serving && differed >= TICKS_THAT_COUNT
      ? refuse(found.senior().orElseThrow()).compose(said -> service.stop()) : Future.succeededFuture();
  }

  private Future<Void> resume() {
    if (System.nanoTime() - notBefore < 0) {
      return Future.succeededFuture();
    }
    log.info("All members of the cluster have one store, this node serves now: store={}", place);
    return serve().recover(failure -> {
      notBefore = System.nanoTime() + PATIENCE.toNanos();
      objection = "it could not start to serve: " + failure.getMessage();
      log.error("This node does not serve: {}", objection);
      return Future.succeededFuture();
    });
  }

  private void say(Rival rival) {
    if (said.add(rival.node())) {
      log.warn("A member has another store than the cluster and must not serve; set redis.url to the same Redis on "
        + "every node: member={} its_store={} store={}", rival.node(), rival.store(), place);
    }
  }

  private Future<Void> serve() {
    return service.start().onSuccess(started -> {
      serving = true;
      objection = "";
    });
  }

  private Future<Void> refuse(Rival senior) {
    serving = false;
    objection = ("the member %s of this cluster uses another store (%s) than this node (%s), so no limit would hold:"
      + " set redis.url to the same Redis on every node").formatted(senior.node(), senior.store(), place);
    log.error("This node does not serve: {}", objection);
    return Future.succeededFuture();
  }
}
