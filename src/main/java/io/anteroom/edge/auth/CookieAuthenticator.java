package io.anteroom.edge.auth;

import io.anteroom.identity.Identity;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Knows by the cookie who has signed in. */
public record CookieAuthenticator(SignInCache recent, SignInCookie cookie) implements Authenticator {
  @Override
  public Future<Optional<Identity>> recognize(HttpServerRequest request) {
    return cookie.token(request).map(token -> recent.find(SignInCookie.SCOPE, token))
      .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }
}
