package io.anteroom.edge.auth;

import io.anteroom.identity.Identity;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** One way by which a request itself says who sends it: a cookie, a token, a header of a proxy. */
public interface Authenticator {

  /**
   * Who it is; empty when the request says nothing in this way, or nothing that is true: then it counts as not said.
   * Fails with a refusal when that cannot be found out now.
   */
  Future<Optional<Identity>> recognize(HttpServerRequest request);
}
