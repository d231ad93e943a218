package io.anteroom.simulator;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;

/** An instance's port: opened, closed, and opened again at the same number. */
final class HttpListener {

  /** What aiohttp takes from a client at most; a larger message ends the connection. */
  private static final int LARGEST_MESSAGE = 4 * 1024 * 1024;
  private static final int LONGEST_LINE = 8190;
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
        .setMaxWebSocketFrameSize(LARGEST_MESSAGE)
        .setMaxWebSocketMessageSize(LARGEST_MESSAGE)
        .setMaxInitialLineLength(LONGEST_LINE)
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

  /** The port that was just closed may be in the kernel's hands for a moment longer. */
  private Future<Void> openLater(int triesLeft) {
    return vertx.timer(RETRY_MS, TimeUnit.MILLISECONDS)
      .compose(waited -> server == null ? Future.succeededFuture() : open(triesLeft));
  }

  private Future<Void> failed(Throwable cause) {
    server = null;
    return Future.failedFuture(cause);
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
