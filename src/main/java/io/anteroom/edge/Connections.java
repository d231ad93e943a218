package io.anteroom.edge;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that this event loop serves: so many from one address, and none that only pretends to ask.
 *
 * <p>A header that never ends, letter by letter, keeps a connection from being idle; here it counts as doing nothing
 * until its request has arrived. Used on that event loop only.
 */
final class Connections {
  private static final Logger log = LoggerFactory.getLogger(Connections.class);

  private static final int BECAME_A_SOCKET = 101;

  private final Crowd open;
  private final Duration patience;
  private final Map<HttpConnection, Visit> visits = new HashMap<>();

  /**
   * @param open     how many each address has open at this node
   * @param patience how long a connection may be open without asking for anything
   */
  Connections(Crowd open, Duration patience) {
    this.open = open;
    this.patience = patience;
  }

  /** What a connection does. */
  private static final class Visit {
    private int asking;
    private long restsSince = System.nanoTime();
  }

  void start(Vertx vertx) {
    vertx.setPeriodic(patience.toMillis() / 4 + 1, tick -> hangUpOnTheIdle());
  }

  /** Lets a new connection in, or hangs up when its address has enough. */
  void admit(HttpConnection connection) {
    String address = Neighbourhood.of(connection.remoteAddress());
    if (open.enter(address).isPresent()) {
      log.debug("An address has enough connections, one more is closed: address={}", address);
      connection.close();
      return;
    }
    visits.put(connection, new Visit());
    // A connection that became a socket no longer tells of its end, its channel does.
    ((HttpServerConnection) connection).channelHandlerContext().channel().closeFuture().addListener(closed -> {
      visits.remove(connection);
      open.leave(address);
    });
  }

  void begin(HttpServerRequest request) {
    Visit visit = visits.get(request.connection());
    if (visit != null) {
      visit.asking++;
    }
  }

  /** The request has been answered. */
  void end(HttpServerRequest request) {
    if (request.response().getStatusCode() == BECAME_A_SOCKET) {
      visits.remove(request.connection());
      return;
    }
    Visit visit = visits.get(request.connection());
    if (visit != null) {
      visit.asking--;
      visit.restsSince = System.nanoTime();
    }
  }

  private void hangUpOnTheIdle() {
    long now = System.nanoTime();
    List<HttpConnection> idle = visits.entrySet().stream()
      .filter(one -> one.getValue().asking == 0 && now - one.getValue().restsSince > patience.toNanos())
      .map(Map.Entry::getKey)
      .toList();
    idle.forEach(HttpConnection::close);
  }
}
