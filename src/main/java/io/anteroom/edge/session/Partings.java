package io.anteroom.edge.session;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sockets to instances that are being closed on this node; safe to use from every event loop.
 *
 * <p>ComfyUI forgets a client's new socket when the old one of the same client id is closed after it was opened.
 */
public final class Partings {
  private final Map<String, Future<Void>> parting = new ConcurrentHashMap<>();

  /** Notes that the socket at {@code place} is on its way out. */
  void begin(String place, Future<Void> closed) {
    parting.put(place, closed);
    closed.onComplete(done -> parting.remove(place, closed));
  }

  /** Done, on {@code context}, when no socket at {@code place} is still being closed. */
  Future<Void> done(String place, Context context) {
    Future<Void> closed = parting.get(place);
    return closed == null ? Future.succeededFuture()
      : Future.future(free -> closed.onComplete(done -> context.runOnContext(free::complete)));
  }
}
