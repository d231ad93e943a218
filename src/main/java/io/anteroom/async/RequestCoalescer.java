package io.anteroom.async;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Request coalescing: callers that ask for the same key at the same moment share one request and its response, and a
 * key has one request in flight at a time.
 *
 * <p>{@link #join} shares the request that is in flight, as a single flight does. {@link #ask} shares only one that is
 * not sent yet, for callers whose response must not be older than their call.
 *
 * <p>Safe to use from every context; each caller gets the response on its own.
 */
public final class RequestCoalescer<V> {
  private final Vertx vertx;
  private final Supplier<Future<Void>> window;
  /** By key, the requests that are not sent yet. Guarded by this. */
  private final Map<String, Future<V>> waiting = new HashMap<>();
  /** By key, the requests that were sent. Guarded by this. */
  private final Map<String, Future<V>> inFlight = new HashMap<>();

  /** For {@link #join}; with it {@link #ask} sends at once. */
  public RequestCoalescer(Vertx vertx) {
    this(vertx, Future::succeededFuture);
  }

  /** @param window how long {@link #ask} holds a request back for others that ask for the same */
  public RequestCoalescer(Vertx vertx, Duration window) {
    // Not vertx.timer, which fails when the node stops, on a worker that is gone by then.
    this(vertx, () -> Future.future(over -> vertx.setTimer(window.toMillis(), timer -> over.complete())));
  }

  RequestCoalescer(Vertx vertx, Supplier<Future<Void>> window) {
    this.vertx = vertx;
    this.window = window;
  }

  /**
   * The response to {@code request}, or to one for the same key that is sent after this call.
   *
   * @param request must come to an end by itself
   */
  public Future<V> ask(String key, Supplier<Future<V>> request) {
    return onCaller(joinWaiting(key, request));
  }

  /**
   * The response to the request for this key that is in flight, or else to {@code request}.
   *
   * @param request must come to an end by itself
   */
  public Future<V> join(String key, Supplier<Future<V>> request) {
    return onCaller(joinInFlight(key, request));
  }

  private Future<V> onCaller(Future<V> shared) {
    Context caller = vertx.getOrCreateContext();
    return Contexts.onto(caller, shared);
  }

  private synchronized Future<V> joinWaiting(String key, Supplier<Future<V>> request) {
    Future<V> joined = waiting.get(key);
    if (joined != null) {
      return joined;
    }
    AtomicBoolean sent = new AtomicBoolean();
    Future<V> gathered = free(key).compose(now -> window.get())
      .compose(now -> {
        sent.set(true);
        return sendWaiting(key, request);
      });
    // A short timer may fire before this line is reached; then the request cannot be joined any longer.
    if (!sent.get()) {
      waiting.put(key, gathered);
    }
    return gathered;
  }

  private synchronized Future<V> joinInFlight(String key, Supplier<Future<V>> request) {
    Future<V> joined = inFlight.get(key);
    return joined != null ? joined : send(key, request);
  }

  private Future<V> free(String key) {
    Future<V> before = inFlight.get(key);
    return before == null ? Future.succeededFuture() : before.otherwiseEmpty();
  }

  private synchronized Future<V> sendWaiting(String key, Supplier<Future<V>> request) {
    waiting.remove(key);
    return send(key, request);
  }

  /** Called with the lock of this. */
  private Future<V> send(String key, Supplier<Future<V>> request) {
    Future<V> sent = Future.succeededFuture().compose(now -> request.get());
    inFlight.put(key, sent);
    sent.onComplete(done -> arrived(key, sent));
    return sent;
  }

  private synchronized void arrived(String key, Future<V> sent) {
    inFlight.remove(key, sent);
  }
}
