package io.anteroom.edge;

import io.anteroom.config.Instance;
import io.anteroom.config.User;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** What an instance answers itself: its page, its sockets, and everything else. */
final class InstanceRoutes {
  private final PageRoute page;
  private final SocketRoute sockets;
  private final Upstream upstream;

  InstanceRoutes(PageRoute page, SocketRoute sockets, Upstream upstream) {
    this.page = page;
    this.sockets = sockets;
    this.upstream = upstream;
  }

  Future<Void> handle(HttpServerRequest request, User user, Instance instance, RawUri uri) {
    if (request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
      return sockets.open(request, user, instance, uri);
    }
    return page.takes(request, uri.meaning())
      ? page.send(request, instance, uri)
      : upstream.forward(request, instance, uri);
  }
}
