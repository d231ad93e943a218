package io.anteroom.edge;

import io.anteroom.config.Instance;
import io.anteroom.config.User;
import io.anteroom.edge.panel.Visit;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Supplier;

/** A student's instance: its sockets, its panel's lists, its page, and everything else that it answers itself. */
final class InstanceRoutes {
  private final PanelRoutes panel;
  private final PageRoute page;
  private final ExtensionsRoute extensions;
  private final SocketRoute sockets;
  private final ObjectInfoRoute rest;

  InstanceRoutes(PanelRoutes panel, PageRoute page, ExtensionsRoute extensions, SocketRoute sockets,
      ObjectInfoRoute rest) {
    this.panel = panel;
    this.page = page;
    this.extensions = extensions;
    this.sockets = sockets;
    this.rest = rest;
  }

  Future<Void> handle(HttpServerRequest request, User user, Visit visit, RawUri uri) {
    if (request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
      return sockets.open(request, user, visit.home(), uri);
    }
    return inItsPlace(request, visit, uri).map(Supplier::get)
      .orElseGet(() -> fromInstance(request, visit.home(), uri));
  }

  /** What we answer ourselves, because the instance knows less of it than we do, or would tell too much. */
  private Optional<Supplier<Future<Void>>> inItsPlace(HttpServerRequest request, Visit visit, RawUri uri) {
    return panel.find(request, visit, uri)
      .or(() -> visit.shared() ? SharedRoutes.find(request, uri) : Optional.empty());
  }

  private Future<Void> fromInstance(HttpServerRequest request, Instance home, RawUri uri) {
    if (page.takes(request, uri.meaning())) {
      return page.send(request, home, uri);
    }
    return extensions.takes(request, uri.meaning())
      ? extensions.send(request, home, uri)
      : rest.answer(request, home, uri);
  }
}
