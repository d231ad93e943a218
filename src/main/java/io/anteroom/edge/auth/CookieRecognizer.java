package io.anteroom.edge.auth;

import io.anteroom.identity.Identity;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Knows by the cookie who has signed in. */
public record CookieRecognizer(RecentSignIns recent, SignInCookie cookie) implements Recognizer {
  @Override
  public Future<Optional<Identity>> recognize(HttpServerRequest request) {
    return cookie.token(request).map(token -> recent.find(SignInCookie.SCOPE, token))
      .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }
}
