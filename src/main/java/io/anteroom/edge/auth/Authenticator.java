package io.anteroom.edge.auth;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Tells who asks. */
public interface Authenticator {

  /** Who asks for something that belongs to {@code owner}; refused when that is nobody, or not his. */
  Future<Identity> ownerOf(HttpServerRequest request, String owner);

  /** Who asks for something of his own. */
  Future<Identity> asker(HttpServerRequest request);
}
