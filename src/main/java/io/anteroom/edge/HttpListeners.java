package io.anteroom.edge;

import io.anteroom.config.tls.ServerTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Opens the ports of one edge together, and shuts them down together (graceful shutdown). */
final class HttpListeners {
  private final Vertx vertx;
  private final ServerTls certificate;
  private final List<HttpServer> servers = new ArrayList<>();

  HttpListeners(Vertx vertx, ServerTls certificate) {
    this.vertx = vertx;
    this.certificate = certificate;
  }

  /**
   * Listens on all of these ports; fails when one is taken.
   *
   * @param setUp sets the handlers of each server
   */
  Future<Void> open(HttpServerOptions options, List<Integer> ports, Consumer<HttpServer> setUp) {
    certificate.applyTo(options);
    List<Future<HttpServer>> opening = ports.stream().map(port -> {
      HttpServer server = vertx.createHttpServer(new HttpServerOptions(options).setPort(port));
      setUp.accept(server);
      servers.add(server);
      return server.listen();
    }).toList();
    return Future.all(opening).onSuccess(open -> certificate.follow(vertx, servers)).mapEmpty();
  }

  /** Accepts no more connections; requests in progress may take until the timeout. */
  Future<Void> shutdown(Duration timeout) {
    return Future.join(servers.stream()
      .map(server -> server.shutdown(timeout.toMillis(), TimeUnit.MILLISECONDS)).toList()).mapEmpty();
  }
}
