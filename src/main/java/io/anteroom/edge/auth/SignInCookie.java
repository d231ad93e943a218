package io.anteroom.edge.auth;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * The cookie that proves a sign-in.
 *
 * <p>Over TLS its name has the prefix by which browsers take it from this very host alone. Without TLS a sibling host
 * can lay down a second one of the same name: two prove nothing.
 */
public final class SignInCookie {
  /** Of the tokens that stand in that of the hall. */
  public static final String SCOPE = "edge";
  private static final String NAME = "anteroom";
  private static final String SECURE_PREFIX = "__Host-";

  private final ClientResolver peers;
  private final Function<HttpServerRequest, String> suffix;

  /** The one that all share who come in at the same place. */
  public SignInCookie(ClientResolver peers) {
    this(peers, request -> "");
  }

  /** @param suffix of its name, for places whose cookies browsers send to one another */
  public SignInCookie(ClientResolver peers, Function<HttpServerRequest, String> suffix) {
    this.peers = peers;
    this.suffix = suffix;
  }

  /** What stands in it; empty when there is none, or when it is not clear which one is ours. */
  public Optional<String> token(HttpServerRequest request) {
    return Cookies.only(request, name(request)).filter(token -> !token.isEmpty());
  }

  public void give(HttpServerRequest request, String token, Duration lifetime) {
    request.response().headers().add(HttpHeaders.SET_COOKIE, "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
      .formatted(name(request), token, lifetime.toSeconds(), peers.isTls(request) ? "; Secure" : ""));
  }

  public void remove(HttpServerRequest request) {
    give(request, "", Duration.ZERO);
  }

  private String name(HttpServerRequest request) {
    return (peers.isTls(request) ? SECURE_PREFIX : "") + NAME + suffix.apply(request);
  }
}
