package io.anteroom.edge.session;

import io.anteroom.async.Contexts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a browser is disconnected, and how the close code of one socket is passed to the other. */
public enum CloseReason {
  /** It is to reconnect, to this node or another. */
  NODE_STOPS(1012, "This node stops, come again"),
  /** Its user's access was revoked or has expired. */
  NOT_WELCOME(4401, "You are not signed in any more");

  private static final Logger log = LoggerFactory.getLogger(CloseReason.class);
  private static final short GOING_AWAY = 1001;

  private final short code;
  private final String reason;

  CloseReason(int code, String reason) {
    this.code = (short) code;
    this.reason = reason;
  }

  /** Done as soon as this browser is to be disconnected: when this node stops, or {@code unwelcome} is done. */
  static Future<CloseReason> to(ServerWebSocket browser, Future<Void> unwelcome) {
    return Future.future(due -> {
      // Called for the browser's own close frame as well, whose code can be read one turn later.
      browser.shutdownHandler(begun -> Vertx.currentContext().runOnContext(next -> {
        if (browser.closeStatusCode() == null) {
          due.tryComplete(NODE_STOPS);
        } else {
          pass(browser, browser).onFailure(CloseReason::hadGone);
        }
      }));
      unwelcome.onSuccess(over -> due.tryComplete(NOT_WELCOME));
    });
  }

  /** Disconnects it. */
  void say(ServerWebSocket browser) {
    close(browser, code, reason).onFailure(CloseReason::hadGone);
  }

  /** Closes a socket with this code. Its shutdown handler would delay that: Vert.x calls it for every close. */
  static Future<Void> close(WebSocket socket, short code, String reason) {
    if (!socket.isClosed()) {
      socket.shutdownHandler(null);
    }
    return socket.close(code, reason);
  }

  /** Closes {@code to} for the reason for which {@code from} was closed; done when it is closed. */
  static Future<Void> pass(WebSocket from, WebSocket to) {
    new ReadControl(to).resume();
    Short code = from.closeStatusCode();
    return code != null && maySend(code)
      ? close(to, code, from.closeReason())
      : close(to, GOING_AWAY, null);
  }

  private static void hadGone(Throwable cause) {
    log.debug("A browser had gone before it was disconnected: cause={}", cause.toString());
  }

  /** Codes 1004 to 1006 and 1015 are reserved and must not be sent (RFC 6455 section 7.4.1). */
  private static boolean maySend(short code) {
    return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
  }

  /**
   * Sockets to instances that are being closed on this node; safe to use from every event loop.
   *
   * <p>ComfyUI forgets a client's new socket when the old one of the same client id is closed after it was opened.
   */
  public static final class PendingCloses {
    private final Map<String, Future<Void>> closing = new ConcurrentHashMap<>();

    /** Records that the socket at {@code address} is being closed. */
    void begin(String address, Future<Void> closed) {
      closing.put(address, closed);
      closed.onComplete(done -> closing.remove(address, closed));
    }

    /** Done, on {@code context}, when no socket at {@code address} is still being closed. */
    Future<Void> done(String address, Context context) {
      Future<Void> closed = closing.get(address);
      return closed == null ? Future.succeededFuture() : Contexts.onto(context, closed.otherwiseEmpty());
    }
  }
}
