package io.anteroom.simulator;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;

/** The port of an instance, which can be closed and reopened. */
final class HttpListener {

  /** aiohttp's maximum for client messages; a larger one closes the connection. */
  private static final int MAX_MESSAGE = 4 * 1024 * 1024;
  private static final int MAX_LINE = 8190;
  private static final long RETRY_MS = 50;
  private static final int TRIES = 100;

  private final Vertx vertx;
  private final String host;
  private Handler<HttpServerRequest> site;
  private HttpServer server;
  private int port;
  private boolean hasListened;

  HttpListener(Vertx vertx, String host, int port) {
    this.vertx = vertx;
    this.host = host;
    this.port = port;
  }

  int port() {
    return port;
  }

  Future<Void> serve(Handler<HttpServerRequest> site) {
    this.site = site;
    return open();
  }

  Future<Void> open() {
    return server != null ? Future.succeededFuture() : open(hasListened ? TRIES : 0);
  }

  private Future<Void> open(int triesLeft) {
    HttpServer opening = vertx.createHttpServer(new HttpServerOptions()
        .setMaxWebSocketFrameSize(MAX_MESSAGE)
        .setMaxWebSocketMessageSize(MAX_MESSAGE)
        .setMaxInitialLineLength(MAX_LINE)
        .setHandle100ContinueAutomatically(true))
      .requestHandler(site);
    server = opening;
    return opening.listen(port, host).compose(
      listening -> {
        hasListened = true;
        port = listening.actualPort();
        return Future.succeededFuture();
      },
      cause -> triesLeft > 0 && server == opening ? openLater(triesLeft - 1) : failed(cause));
  }

  /** The kernel may hold a closed port for a moment longer. */
  private Future<Void> openLater(int triesLeft) {
    return vertx.timer(RETRY_MS, TimeUnit.MILLISECONDS)
      .compose(waited -> server == null ? Future.succeededFuture() : open(triesLeft));
  }

  private Future<Void> failed(Throwable cause) {
    server = null;
    return Future.failedFuture(cause);
  }

  /** Closes all connections too. */
  Future<Void> close() {
    if (server == null) {
      return Future.succeededFuture();
    }
    HttpServer closing = server;
    server = null;
    return closing.close();
  }
}
