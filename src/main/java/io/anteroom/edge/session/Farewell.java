package io.anteroom.edge.session;

import io.vertx.core.Future;
import io.vertx.core.http.WebSocket;

/** How the end of one socket is told to the other. */
final class Farewell {
  private static final short GOING_AWAY = 1001;

  private Farewell() {
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
