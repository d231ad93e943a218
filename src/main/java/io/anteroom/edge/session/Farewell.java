package io.anteroom.edge.session;

import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the end of one socket is told to the other. */
final class Farewell {
  private static final Logger log = LoggerFactory.getLogger(Farewell.class);
  private static final short GOING_AWAY = 1001;

  private static final short SERVICE_RESTARTS = 1012;
  private static final short NOT_WELCOME = 4401;

  private Farewell() {
  }

  /** Has the browser come again, here or to another node, as soon as this node stops. */
  static void whenNodeStops(ServerWebSocket browser) {
    browser.shutdownHandler(stopping -> browser.close(SERVICE_RESTARTS, "This node stops, come again")
      .onFailure(gone -> log.debug("A browser had gone before the node: cause={}", gone.toString())));
  }

  /** Shows the browser out as soon as whoever sits there may not stay. */
  static void whenNotWelcome(ServerWebSocket browser, Future<Void> over) {
    over.onSuccess(done -> browser.close(NOT_WELCOME, "You are not signed in any more")
      .onFailure(gone -> log.debug("A browser had gone before it was shown out: cause={}", gone.toString())));
  }

  /** Closes {@code to} for the reason for which {@code from} was closed; done when it is closed. */
  static Future<Void> pass(WebSocket from, WebSocket to) {
    new Valve(to).open();
    Short code = from.closeStatusCode();
    return code != null && maySend(code)
      ? to.close(code, from.closeReason())
      : to.close(GOING_AWAY);
  }

  /** Codes 1004 to 1006 and 1015 only say what happened; nobody may send them. */
  private static boolean maySend(short code) {
    return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
  }
}
