package io.anteroom.edge.auth;

import io.anteroom.identity.Identity;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Authenticates a request by one kind of credentials: a cookie, a token, a header of a proxy. */
public interface Authenticator {

  /**
   * The sender; empty when the request has no such credentials, or none that are valid: these count as absent. Fails
   * with an {@code ApiException} when they cannot be checked at present.
   */
  Future<Optional<Identity>> authenticate(HttpServerRequest request);
}
