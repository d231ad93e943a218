package io.anteroom.edge.proxy;

import io.anteroom.edge.http.EdgeErrors;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Divides the concurrent requests of an instance fairly among its users, so that no user can take all (bulkhead).
 *
 * <p>A user gets one more slot while they hold fewer than are still free, the dynamic threshold of shared buffers: one
 * user alone gets half of the slots, two a third each, and there is always one left for the next user. Further requests
 * of a user are queued behind their own. Safe to use from every event loop.
 */
public final class FairShares {
  private final Vertx vertx;
  private final int slots;
  private final int maxWaiting;
  private final Duration timeout;
  /** By instance, while in use. Guarded by this. */
  private final Map<String, Usage> usages = new HashMap<>();

  /**
   * @param slots      of each instance
   * @param maxWaiting how many requests of one user may wait for one instance
   * @param timeout    how long a request waits for its turn
   */
  public FairShares(Vertx vertx, int slots, int maxWaiting, Duration timeout) {
    this.vertx = vertx;
    this.slots = slots;
    this.maxWaiting = maxWaiting;
    this.timeout = timeout;
  }

  /** A queued request, and the context on which it continues. */
  private record Waiting(Promise<Void> turn, Context context) {
  }

  /** One user's share of an instance. */
  private static final class Share {
    private int held;
    private final Deque<Waiting> queue = new ArrayDeque<>(0);
  }

  /** What is in use at one instance; users in the order of their latest turn. */
  private static final class Usage {
    private int taken;
    private final Map<String, Share> shares = new LinkedHashMap<>(2);
  }

  /**
   * Runs {@code use} when it is this user's turn at the instance, and holds the slot until it is done.
   *
   * @param gone done when the client has gone, and waits no longer
   */
  <T> Future<T> with(String instance, String user, Future<Void> gone, Supplier<Future<T>> use) {
    return acquire(instance, user, gone)
      .compose(turn -> Future.succeededFuture().compose(now -> use.get())
        .onComplete(done -> releaseAndContinue(instance, user)));
  }

  private Future<Void> acquire(String instance, String user, Future<Void> gone) {
    Optional<Future<Void>> waiting = takeOrWait(instance, user);
    waiting.ifPresent(turn -> {
      long timer = vertx.setTimer(timeout.toMillis(),
        late -> abandon(instance, user, turn, EdgeErrors.ownRequestsWait(user, instance, timeout)));
      turn.onComplete(done -> vertx.cancelTimer(timer));
      gone.onComplete(left -> abandon(instance, user, turn, new HttpClosedException("the client has gone")));
    });
    return waiting.orElseGet(Future::succeededFuture);
  }

  /** Empty when a slot was free. */
  private synchronized Optional<Future<Void>> takeOrWait(String instance, String user) {
    Usage usage = usages.computeIfAbsent(instance, first -> new Usage());
    Share share = usage.shares.computeIfAbsent(user, first -> new Share());
    if (share.queue.isEmpty() && mayTake(usage, share)) {
      take(usage, share);
      return Optional.empty();
    }
    return Optional.of(share.queue.size() < maxWaiting
      ? Future.future(turn -> share.queue.add(new Waiting(turn, vertx.getOrCreateContext())))
      : Future.failedFuture(EdgeErrors.tooManyOwnRequests(user, instance, maxWaiting)));
  }

  private boolean mayTake(Usage usage, Share share) {
    return share.held < slots - usage.taken;
  }

  private static void take(Usage usage, Share share) {
    usage.taken++;
    share.held++;
  }

  /** Removes a request from the queue; one whose turn has come meanwhile continues. */
  private synchronized void abandon(String instance, String user, Future<Void> turn, Throwable cause) {
    Optional.ofNullable(usages.get(instance)).map(usage -> usage.shares.get(user)).ifPresent(share -> {
      List<Waiting> abandoned = share.queue.stream().filter(waiting -> waiting.turn.future() == turn).toList();
      share.queue.removeAll(abandoned);
      abandoned.forEach(waiting -> waiting.context.runOnContext(late -> waiting.turn.tryFail(cause)));
      tidy(instance, user);
    });
  }

  private void releaseAndContinue(String instance, String user) {
    release(instance, user).forEach(next -> next.context.runOnContext(now -> next.turn.complete()));
  }

  /** Releases a slot, and takes those that others may have now; their turn has come. */
  private synchronized List<Waiting> release(String instance, String user) {
    Usage usage = usages.get(instance);
    usage.taken--;
    usage.shares.get(user).held--;
    List<Waiting> next = new ArrayList<>(1);
    for (Optional<String> turn = nextUser(usage); turn.isPresent(); turn = nextUser(usage)) {
      Share share = usage.shares.remove(turn.get());
      usage.shares.put(turn.get(), share);
      take(usage, share);
      next.add(share.queue.remove());
    }
    tidy(instance, user);
    return next;
  }

  /** Of the users who wait and may have one more slot, the one with the fewest, and of these the longest waiting. */
  private Optional<String> nextUser(Usage usage) {
    return usage.shares.entrySet().stream()
      .filter(entry -> !entry.getValue().queue.isEmpty() && mayTake(usage, entry.getValue()))
      .min(Comparator.comparingInt(entry -> entry.getValue().held))
      .map(Map.Entry::getKey);
  }

  private void tidy(String instance, String user) {
    Usage usage = usages.get(instance);
    Share share = usage.shares.get(user);
    if (share.held == 0 && share.queue.isEmpty()) {
      usage.shares.remove(user);
    }
    if (usage.shares.isEmpty()) {
      usages.remove(instance);
    }
  }

  /** Done when the client of a request has gone. */
  static Future<Void> gone(HttpServerRequest request) {
    return Future.future(gone -> request.response().closeHandler(gone::tryComplete));
  }

  /** How many slots of the instance this user holds. */
  synchronized int held(String instance, String user) {
    return Optional.ofNullable(usages.get(instance)).map(usage -> usage.shares.get(user))
      .map(share -> share.held).orElse(0);
  }

  /** Whether nothing is in use or queued. */
  synchronized boolean isIdle() {
    return usages.isEmpty();
  }
}
