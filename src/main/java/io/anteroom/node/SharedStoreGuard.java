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
 * Prevents nodes of one cluster from serving with different stores, which would break the limit. The store of the
 * cluster is that of its oldest member; one with another does not serve until it has the same, or the other has left.
 */
final class SharedStoreGuard {
  private static final Logger log = LoggerFactory.getLogger(SharedStoreGuard.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofMillis(250);
  /** Time for older members to announce their stores; after it, one of them has none or hangs. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  /** Nodes notice a failover, or an emptied store, at slightly different times. */
  private static final int MIN_DIFFERING_TICKS = 6;

  private final Vertx vertx;
  private final HazelcastStores stores;
  private final Supplier<Future<String>> identity;
  private final String address;
  private final Service service;
  /** Members with another store that were already reported. */
  private final Set<String> reported = new HashSet<>();
  private volatile String objection = "";
  // Changed by one poll at a time, which may end on another thread than it began.
  private volatile boolean serving;
  private volatile boolean busy;
  private volatile boolean ended;
  private volatile int differed;
  private volatile long notBefore = System.nanoTime();
  private volatile long timer = -1;

  /** The roles of a node. */
  interface Service {
    Future<Void> start();

    Future<Void> stop();
  }

  /**
   * @param identity of this node's store; fails while that does not answer
   * @param address    its address, without secrets
   */
  SharedStoreGuard(Vertx vertx, HazelcastStores stores, Supplier<Future<String>> identity, String address,
      Service service) {
    this.vertx = vertx;
    this.stores = stores;
    this.identity = identity;
    this.address = address;
    this.service = service;
  }

  /** Why this node does not serve; empty if it does. */
  String objection() {
    return objection;
  }

  /** Starts the service unless the cluster has another store; completes when that is known. */
  Future<Void> start() {
    return settle(System.nanoTime() + TIMEOUT.toNanos())
      .compose(senior -> senior.map(this::refuse).orElseGet(this::serve))
      .onSuccess(known -> timer = vertx.setPeriodic(TICK.toMillis(), tick -> poll()));
  }

  /** Stops polling. */
  void end() {
    ended = true;
    vertx.cancelTimer(timer);
  }

  private Future<Comparison> compare() {
    return identity.get().compose(store -> stores.compare(store, address));
  }

  /** The older member with another store. A store that does not answer is reported elsewhere. */
  private Future<Optional<Rival>> settle(long deadline) {
    return identity.get().transform((store, away) -> away != null ? Future.succeededFuture(Optional.empty())
      : stores.compare(store, address).transform((found, failure) -> {
        boolean isKnown = failure == null && (found.complete() || found.senior().isPresent());
        return isKnown || System.nanoTime() - deadline > 0
          ? Future.succeededFuture(Optional.ofNullable(found).flatMap(Comparison::senior))
          : vertx.timer(RETRY.toMillis(), TimeUnit.MILLISECONDS).compose(waited -> settle(deadline));
      }));
  }

  private void poll() {
    if (busy) {
      return;
    }
    busy = true;
    compare().compose(this::follow)
      .onFailure(failure ->
        log.debug("Could not compare the stores of the cluster, retrying: cause={}", failure.getMessage()))
      .onComplete(done -> busy = false);
  }

  private Future<Void> follow(Comparison found) {
    if (ended) {
      return Future.succeededFuture();
    }
    found.juniors().forEach(this::report);
    reported.retainAll(found.juniors().stream().map(Rival::node).collect(Collectors.toSet()));
    int before = differed;
    differed = found.senior().isPresent() ? before + 1 : 0;
    if (!serving && differed == 0) {
      return resume();
    }
    return serving && differed >= MIN_DIFFERING_TICKS
      ? refuse(found.senior().orElseThrow()).compose(refused -> service.stop()) : Future.succeededFuture();
  }

  private Future<Void> resume() {
    if (System.nanoTime() - notBefore < 0) {
      return Future.succeededFuture();
    }
    log.info("All members of the cluster share one store, this node serves now: store={}", address);
    return serve().recover(failure -> {
      notBefore = System.nanoTime() + TIMEOUT.toNanos();
      objection = "could not start its roles: " + failure.getMessage();
      log.error("This node does not serve: {}", objection);
      return Future.succeededFuture();
    });
  }

  private void report(Rival rival) {
    if (reported.add(rival.node())) {
      log.warn("A member has another store than the cluster and must not serve; set redis.url to the same Redis on "
        + "every node: member={} its_store={} store={}", rival.node(), rival.store(), address);
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
      + " set redis.url to the same Redis on every node").formatted(senior.node(), senior.store(), address);
    log.error("This node does not serve: {}", objection);
    return Future.succeededFuture();
  }
}
