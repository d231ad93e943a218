package io.anteroom.edge.auth;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * The cookie that proves a sign-in. It is new with each sign-in (session fixation, CWE-384).
 *
 * <p>Over TLS its name has the prefix {@code __Host-}, so browsers accept it from this very host alone. Without TLS a
 * sibling host can set a second one of the same name (cookie tossing): then neither counts.
 */
public final class SignInCookie {
  /** The scope of tokens in the cookie of the public origin. */
  public static final String SCOPE = "edge";
  private static final String NAME = "anteroom";
  private static final String SECURE_PREFIX = "__Host-";

  private final ClientResolver clients;
  private final Function<HttpServerRequest, String> suffix;

  /** The cookie of the public origin. */
  public SignInCookie(ClientResolver clients) {
    this(clients, request -> "");
  }

  /** @param suffix of its name, for origins on one host, whose cookies browsers send to all of them */
  public SignInCookie(ClientResolver clients, Function<HttpServerRequest, String> suffix) {
    this.clients = clients;
    this.suffix = suffix;
  }

  /** Its value; empty when there is no such cookie, or more than one. */
  public Optional<String> token(HttpServerRequest request) {
    return Cookies.only(request, name(request)).filter(token -> !token.isEmpty());
  }

  public void give(HttpServerRequest request, String token, Duration lifetime) {
    request.response().headers().add(HttpHeaders.SET_COOKIE, "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
      .formatted(name(request), token, lifetime.toSeconds(), clients.isTls(request) ? "; Secure" : ""));
  }

  public void remove(HttpServerRequest request) {
    give(request, "", Duration.ZERO);
  }

  private String name(HttpServerRequest request) {
    return (clients.isTls(request) ? SECURE_PREFIX : "") + NAME + suffix.apply(request);
  }
}
