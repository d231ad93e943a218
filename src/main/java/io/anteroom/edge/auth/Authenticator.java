package io.anteroom.edge.auth;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Tells who asks; asked again and again while a socket is open, so that nobody stays who may not come in any more. */
public interface Authenticator {

  /** Who asks for something that belongs to {@code owner}; refused when that is nobody, or not his. */
  Future<Visitor> ownerOf(HttpServerRequest request, String owner);

  /** Who asks for something of his own, without saying whose it is. */
  Future<Visitor> self(HttpServerRequest request);

  /** Who asks outside of a student's path: for what is his own, or belongs to whom he names by {@code ?user=}. */
  default Future<Visitor> asker(HttpServerRequest request) {
    String named = request.getParam("user");
    return named == null ? self(request) : ownerOf(request, named);
  }
}
