package io.anteroom.edge.auth.signin;

import io.anteroom.edge.auth.Peers;
import io.anteroom.edge.auth.SentCookies;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * The cookie by which a browser that comes back is known for the one that was sent away.
 *
 * <p>Over TLS its name has the prefix by which browsers take it from this very host alone. Who comes back with a form
 * that another site sends, as LTI wants it, brings only a cookie along that says {@code SameSite=None; Secure}: that
 * needs https, or this very machine, where Chromium and Firefox take {@code Secure} without it.
 */
final class ErrandCookie {
  private static final String PLAIN = "anteroom_errand_";

  private final String scope;
  private final boolean comesWithForms;
  private final Peers peers;

  ErrandCookie(String scope, boolean comesWithForms, Peers peers) {
    this.scope = scope;
    this.comesWithForms = comesWithForms;
    this.peers = peers;
  }

  Optional<String> value(HttpServerRequest request) {
    return SentCookies.only(request, name(request)).filter(value -> !value.isEmpty());
  }

  void give(HttpServerRequest request, String value, Duration lifetime) {
    boolean tls = peers.isTls(request);
    request.response().headers().add(HttpHeaders.SET_COOKIE, "%s=%s; Path=%s; Max-Age=%d; HttpOnly; %s".formatted(
      name(request), value, tls ? "/" : "/signin/", lifetime.toSeconds(),
      comesWithForms ? "SameSite=None; Secure" : tls ? "SameSite=Lax; Secure" : "SameSite=Lax"));
  }

  private String name(HttpServerRequest request) {
    return (peers.isTls(request) ? "__Host-" : "") + PLAIN + scope;
  }
}
