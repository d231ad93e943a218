package io.anteroom.edge;

import io.anteroom.edge.auth.Visitor;
import io.anteroom.edge.panel.Visit;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A student's instance: its sockets, the parts of it that we answer in its place, and all else that it answers. */
final class InstanceRoutes {
  private final SocketRoute sockets;
  private final List<InstancePart> parts;
  private final Upstream upstream;

  /** @param parts asked in this order */
  InstanceRoutes(SocketRoute sockets, List<InstancePart> parts, Upstream upstream) {
    this.sockets = sockets;
    this.parts = List.copyOf(parts);
    this.upstream = upstream;
  }

  Future<Void> handle(HttpServerRequest request, Visitor visitor, Visit visit, RawUri uri) {
    if (SocketRoute.isWanted(request)) {
      return sockets.open(request, visitor, visit.home(), uri);
    }
    return parts.stream()
      .map(part -> part.find(request, visit, uri))
      .flatMap(Optional::stream)
      .findFirst()
      .map(Supplier::get)
      .orElseGet(() -> upstream.forward(request, visit.home(), uri));
  }
}
