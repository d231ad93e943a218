package io.anteroom.edge.auth;

import io.anteroom.identity.Identity;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Authenticates a browser by the cookie of its sign-in. */
public record CookieAuthenticator(SignInCache recent, SignInCookie cookie) implements Authenticator {
  @Override
  public Future<Optional<Identity>> authenticate(HttpServerRequest request) {
    return cookie.token(request).map(token -> recent.find(SignInCookie.SCOPE, token))
      .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }
}
