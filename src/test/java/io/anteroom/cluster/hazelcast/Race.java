package io.anteroom.cluster.hazelcast;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.anteroom.cluster.ClusterSemaphore;
import io.anteroom.cluster.ClusterSemaphore.Permit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Nodes that all want permits all the time; counts, without asking the semaphore, how many hold one. */
final class Race {
  private static final int WORKERS = 10;

  private final int limit;
  private final AtomicInteger holders = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger granted = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger uncounted = new AtomicInteger();

  Race(int limit) {
    this.limit = limit;
  }

  int mostAtOnce() {
    return most.get();
  }

  int granted() {
    return granted.get();
  }

  int refused() {
    return refused.get();
  }

  int uncounted() {
    return uncounted.get();
  }

  /** Lets workers of this node try so many times altogether; it mends now and then, as a node does. */
  Future<Void> run(Vertx vertx, ClusterSemaphore semaphore, int tries) {
    Node node = new Node(vertx, semaphore);
    return Future.future(promise -> vertx.getOrCreateContext().runOnContext(go ->
      Future.all(IntStream.range(0, WORKERS).mapToObj(worker -> node.work(tries / WORKERS)).toList())
        .<Void>mapEmpty()
        .onComplete(promise)));
  }

  /** One node; its set is touched on its one context only. */
  private final class Node {
    private final Vertx vertx;
    private final ClusterSemaphore semaphore;
    private final Set<Permit> held = new HashSet<>();

    Node(Vertx vertx, ClusterSemaphore semaphore) {
      this.vertx = vertx;
      this.semaphore = semaphore;
    }

    Future<Void> work(int tries) {
      if (tries == 0) {
        return Future.succeededFuture();
      }
      Future<Void> mended = tries % 10 == 0 ? semaphore.reconcile(List.copyOf(held), limit) : Future.succeededFuture();
      return mended.otherwiseEmpty()
        .compose(done -> semaphore.tryAcquire())
        .compose(permit -> permit.map(this::use).orElseGet(this::goAway))
        .compose(done -> work(tries - 1));
    }

    private Future<Void> use(Permit permit) {
      held.add(permit);
      if (permit.counted()) {
        granted.incrementAndGet();
        most.accumulateAndGet(holders.incrementAndGet(), Math::max);
      } else {
        uncounted.incrementAndGet();
      }
      return vertx.timer(20, MILLISECONDS).compose(done -> giveBack(permit));
    }

    private Future<Void> giveBack(Permit permit) {
      held.remove(permit);
      if (permit.counted()) {
        holders.decrementAndGet();
      }
      return semaphore.release(permit);
    }

    private Future<Void> goAway() {
      refused.incrementAndGet();
      return vertx.timer(2, MILLISECONDS).mapEmpty();
    }
  }
}
