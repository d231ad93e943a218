package io.anteroom.edge.auth.isolation;

import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.SignInCookie;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * The cookie of one student's origin: whose pages it gives access to, and the token that proves it. Browsers send it to
 * other ports of the same host as well, so each origin has its own cookie name, and a token is only valid at its
 * origin.
 */
final class OriginCookie {
  private final StudentOrigins origins;
  private final SignInCookie cookie;

  /** The parsed cookie; the scope of the token is this origin and this owner. */
  record Key(String origin, String owner, String token) {
    String scope() {
      return scope(origin, owner);
    }

    static String scope(String origin, String owner) {
      return "door:" + origin + ":" + owner;
    }
  }

  OriginCookie(StudentOrigins origins, ClientResolver clients) {
    this.origins = origins;
    this.cookie = new SignInCookie(clients, request -> "_" + origins.at(request).orElseThrow());
  }

  /** Empty at the public origin, and for a browser without a cookie of this origin. */
  Optional<Key> key(HttpServerRequest request) {
    return origins.at(request).flatMap(origin -> cookie.token(request).flatMap(value -> {
      int dot = value.indexOf('.');
      return dot < 0 ? Optional.empty()
        : decoded(value.substring(0, dot)).map(owner -> new Key(origin, owner, value.substring(dot + 1)));
    }));
  }

  void give(HttpServerRequest request, Key key, Duration lifetime) {
    String owner = Base64.getUrlEncoder().withoutPadding().encodeToString(key.owner().getBytes(StandardCharsets.UTF_8));
    cookie.give(request, owner + "." + key.token(), lifetime);
  }

  void remove(HttpServerRequest request) {
    cookie.remove(request);
  }

  private static Optional<String> decoded(String owner) {
    try {
      return Optional.of(new String(Base64.getUrlDecoder().decode(owner), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException broken) {
      return Optional.empty();
    }
  }
}
