package io.anteroom.edge.auth.signin;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Where a browser goes after somebody has signed out. */
@FunctionalInterface
public interface Leaving {

  /** Where it goes when nothing of him is anywhere else. */
  Leaving TO_SIGN_IN = (request, user) -> Future.succeededFuture("/signin");

  /** The address; on the way there what his page has stored in the browser may be deleted. */
  Future<String> by(HttpServerRequest request, String user);
}
