package io.anteroom.edge.auth;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The cookie that proves a sign-in.
 *
 * <p>Over TLS its name has the prefix by which browsers take it from this very host alone. Without TLS a sibling host
 * can lay down a second one of the same name: two prove nothing.
 */
final class SignInCookie {
  /** Of the tokens that stand in it. */
  static final String SCOPE = "edge";
  private static final String PLAIN = "anteroom";
  private static final String SECURE = "__Host-anteroom";

  private final Predicate<HttpServerRequest> isTls;

  /** @param isTls whether the browser's own connection is safe, whatever stands in between */
  SignInCookie(Predicate<HttpServerRequest> isTls) {
    this.isTls = isTls;
  }

  /** The token; empty when there is none, or when it is not clear which one is ours. */
  Optional<String> token(HttpServerRequest request) {
    return SentCookies.only(request, name(request)).filter(token -> !token.isEmpty());
  }

  void give(HttpServerRequest request, String token, Duration lifetime) {
    request.response().headers().add(HttpHeaders.SET_COOKIE, "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
      .formatted(name(request), token, lifetime.toSeconds(), isTls.test(request) ? "; Secure" : ""));
  }

  void remove(HttpServerRequest request) {
    give(request, "", Duration.ZERO);
  }

  private String name(HttpServerRequest request) {
    return isTls.test(request) ? SECURE : PLAIN;
  }
}
