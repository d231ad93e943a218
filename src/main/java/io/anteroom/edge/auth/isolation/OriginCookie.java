package io.anteroom.edge.auth.isolation;

import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.SignInCookie;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * The cookie that opens one door: whose page is behind it, and the token that proves it. Browsers send it to other
 * ports of the same host as well, so each door's has a name of its own, and its token is worth nothing elsewhere.
 */
final class OriginCookie {
  private final StudentOrigins doors;
  private final SignInCookie cookie;

  /** What a browser has; the token is one of the scope of this door and this owner. */
  record Key(String door, String owner, String token) {
    String scope() {
      return scope(door, owner);
    }

    static String scope(String door, String owner) {
      return "door:" + door + ":" + owner;
    }
  }

  OriginCookie(StudentOrigins doors, ClientResolver peers) {
    this.doors = doors;
    this.cookie = new SignInCookie(peers, request -> "_" + doors.at(request).orElseThrow());
  }

  /** Empty in the hall, and for a browser that has none for this door. */
  Optional<Key> key(HttpServerRequest request) {
    return doors.at(request).flatMap(door -> cookie.token(request).flatMap(value -> {
      int dot = value.indexOf('.');
      return dot < 0 ? Optional.empty()
        : decoded(value.substring(0, dot)).map(owner -> new Key(door, owner, value.substring(dot + 1)));
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
