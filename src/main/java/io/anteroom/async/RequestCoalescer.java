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
 * Lets those who ask the same at the same moment share one answer, and asks one question at a time. Nobody is given an
 * answer that began before he asked, since it may not know yet what he has just done.
 *
 * <p>Safe to use from every context; each asker is answered on his own.
 */
public final class RequestCoalescer<V> {
  private final Vertx vertx;
  private final Supplier<Future<Void>> gathering;
  /** By key, those whose question is not sent yet. Guarded by this. */
  private final Map<String, Future<V>> waiting = new HashMap<>();
  /** By key, the question that was sent. Guarded by this. */
  private final Map<String, Future<V>> underWay = new HashMap<>();

  /** @param gathering how long a question is held back for others who ask the same */
  public RequestCoalescer(Vertx vertx, Duration gathering) {
    // Not vertx.timer, which fails when the node stops, on a worker that is gone by then.
    this(vertx, () -> Future.future(over -> vertx.setTimer(gathering.toMillis(), timer -> over.complete())));
  }

  RequestCoalescer(Vertx vertx, Supplier<Future<Void>> gathering) {
    this.vertx = vertx;
    this.gathering = gathering;
  }

  /**
   * What {@code question}, or that of somebody else who waits for the same, comes to.
   *
   * @param question must come to an end by itself
   */
  public Future<V> ask(String key, Supplier<Future<V>> question) {
    Context caller = vertx.getOrCreateContext();
    Future<V> shared = join(key, question);
    return Future.future(told -> shared.onComplete((answer, failure) ->
      caller.runOnContext(now -> told.complete(answer, failure))));
  }

  private synchronized Future<V> join(String key, Supplier<Future<V>> question) {
    Future<V> joined = waiting.get(key);
    if (joined != null) {
      return joined;
    }
    AtomicBoolean departed = new AtomicBoolean();
    Future<V> gathered = free(key).compose(now -> gathering.get())
      .compose(now -> {
        departed.set(true);
        return depart(key, question);
      });
    // A hasty timer is through before this line is reached; nobody may join then any more.
    if (!departed.get()) {
      waiting.put(key, gathered);
    }
    return gathered;
  }

  private Future<V> free(String key) {
    Future<V> before = underWay.get(key);
    return before == null ? Future.succeededFuture() : before.otherwiseEmpty();
  }

  private synchronized Future<V> depart(String key, Supplier<Future<V>> question) {
    waiting.remove(key);
    Future<V> sent = Future.succeededFuture().compose(now -> question.get());
    underWay.put(key, sent);
    sent.onComplete(done -> arrived(key, sent));
    return sent;
  }

  private synchronized void arrived(String key, Future<V> sent) {
    underWay.remove(key, sent);
  }
}
