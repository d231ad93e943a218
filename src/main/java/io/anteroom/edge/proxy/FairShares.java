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
 * Divides what an instance serves at once among its users, so that no user can take all of it (a bulkhead for each).
 *
 * <p>A user gets one more place while they hold fewer than are still free, the dynamic threshold of shared buffers: one
 * user alone gets half of the places, two a third each, and there is always one left for the next user. Further
 * requests of a user wait in line behind their own. Safe to use from every event loop.
 */
public final class FairShares {
  private final Vertx vertx;
  private final int places;
  private final int maxWaiting;
  private final Duration timeout;
  /** By instance, those in use. Guarded by this. */
  private final Map<String, Usage> usages = new HashMap<>();

  /**
   * @param places     at each instance
   * @param maxWaiting how many requests of one user may wait for one instance
   * @param timeout    how long a request waits for its turn
   */
  public FairShares(Vertx vertx, int places, int maxWaiting, Duration timeout) {
    this.vertx = vertx;
    this.places = places;
    this.maxWaiting = maxWaiting;
    this.timeout = timeout;
  }

  /** A request that waits, and where it goes on. */
  private record Waiting(Promise<Void> turn, Context context) {
  }

  /** One user's part in an instance. */
  private static final class Share {
    private int held;
    private final Deque<Waiting> line = new ArrayDeque<>(0);
  }

  /** What is in use at one instance; users in the order of their latest turn. */
  private static final class Usage {
    private int taken;
    private final Map<String, Share> shares = new LinkedHashMap<>(2);
  }

  /**
   * Runs {@code use} when it is this user's turn at the instance, and holds the place until it is done.
   *
   * @param gone done when nobody waits for the answer any more
   */
  <T> Future<T> with(String instance, String user, Future<Void> gone, Supplier<Future<T>> use) {
    return enter(instance, user, gone)
      .compose(turn -> Future.succeededFuture().compose(now -> use.get())
        .onComplete(done -> leave(instance, user)));
  }

  private Future<Void> enter(String instance, String user, Future<Void> gone) {
    Optional<Future<Void>> waiting = takeOrWait(instance, user);
    waiting.ifPresent(turn -> {
      long timer = vertx.setTimer(timeout.toMillis(),
        late -> giveUp(instance, user, turn, EdgeErrors.ownRequestsWait(user, instance, timeout)));
      turn.onComplete(done -> vertx.cancelTimer(timer));
      gone.onComplete(left -> giveUp(instance, user, turn, new HttpClosedException("the client has gone")));
    });
    return waiting.orElseGet(Future::succeededFuture);
  }

  /** Empty when the place was taken at once. */
  private synchronized Optional<Future<Void>> takeOrWait(String instance, String user) {
    Usage usage = usages.computeIfAbsent(instance, first -> new Usage());
    Share share = usage.shares.computeIfAbsent(user, first -> new Share());
    if (share.line.isEmpty() && mayTake(usage, share)) {
      take(usage, share);
      return Optional.empty();
    }
    return Optional.of(share.line.size() < maxWaiting
      ? Future.future(turn -> share.line.add(new Waiting(turn, vertx.getOrCreateContext())))
      : Future.failedFuture(EdgeErrors.tooManyOwnRequests(user, instance, maxWaiting)));
  }

  private boolean mayTake(Usage usage, Share share) {
    return share.held < places - usage.taken;
  }

  private static void take(Usage usage, Share share) {
    usage.taken++;
    share.held++;
  }

  /** Takes a request out of the line; one whose turn has come meanwhile goes on. */
  private synchronized void giveUp(String instance, String user, Future<Void> turn, Throwable cause) {
    Optional.ofNullable(usages.get(instance)).map(usage -> usage.shares.get(user)).ifPresent(share -> {
      List<Waiting> given = share.line.stream().filter(waiting -> waiting.turn.future() == turn).toList();
      share.line.removeAll(given);
      given.forEach(waiting -> waiting.context.runOnContext(late -> waiting.turn.tryFail(cause)));
      tidy(instance, user);
    });
  }

  private void leave(String instance, String user) {
    release(instance, user).forEach(next -> next.context.runOnContext(now -> next.turn.complete()));
  }

  /** Gives a place back, and takes those that others may have now; their turn has come. */
  private synchronized List<Waiting> release(String instance, String user) {
    Usage usage = usages.get(instance);
    usage.taken--;
    usage.shares.get(user).held--;
    List<Waiting> next = new ArrayList<>(1);
    for (Optional<String> one = nextUser(usage); one.isPresent(); one = nextUser(usage)) {
      Share share = usage.shares.remove(one.get());
      usage.shares.put(one.get(), share);
      take(usage, share);
      next.add(share.line.remove());
    }
    tidy(instance, user);
    return next;
  }

  /** Of those who wait and may have one more, the one who holds the least and has waited longest. */
  private Optional<String> nextUser(Usage usage) {
    return usage.shares.entrySet().stream()
      .filter(one -> !one.getValue().line.isEmpty() && mayTake(usage, one.getValue()))
      .min(Comparator.comparingInt(one -> one.getValue().held))
      .map(Map.Entry::getKey);
  }

  private void tidy(String instance, String user) {
    Usage usage = usages.get(instance);
    Share share = usage.shares.get(user);
    if (share.held == 0 && share.line.isEmpty()) {
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

  /** How many places of the instance this user holds. */
  synchronized int held(String instance, String user) {
    return Optional.ofNullable(usages.get(instance)).map(usage -> usage.shares.get(user))
      .map(share -> share.held).orElse(0);
  }

  /** Whether nothing is in use and nobody waits. */
  synchronized boolean isIdle() {
    return usages.isEmpty();
  }
}
