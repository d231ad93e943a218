package io.anteroom.simulator;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

/** An instance's port: opened, closed, and opened again at the same number. */
final class Listener {

  /** What aiohttp takes from a client at most; a larger message ends the connection. */
  private static final int LARGEST_MESSAGE = 4 * 1024 * 1024;
  private static final int LONGEST_LINE = 8190;

  private final Vertx vertx;
  private final String host;
  private Handler<HttpServerRequest> site;
  private HttpServer server;
  private int port;

  Listener(Vertx vertx, String host, int port) {
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
    if (server != null) {
      return Future.succeededFuture();
    }
    server = vertx.createHttpServer(new HttpServerOptions()
        .setMaxWebSocketFrameSize(LARGEST_MESSAGE)
        .setMaxWebSocketMessageSize(LARGEST_MESSAGE)
        .setMaxInitialLineLength(LONGEST_LINE)
        .setHandle100ContinueAutomatically(true))
      .requestHandler(site);
    return server.listen(port, host)
      .onSuccess(listening -> port = listening.actualPort())
      .onFailure(cause -> server = null)
      .mapEmpty();
  }

  /** All connections end with it. */
  Future<Void> close() {
    if (server == null) {
      return Future.succeededFuture();
    }
    HttpServer closing = server;
    server = null;
    return closing.close();
  }
}
