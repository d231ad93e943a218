package io.anteroom.edge.auth.signin;

import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.Cookies;
import io.anteroom.identity.RandomToken;
import io.anteroom.identity.Sha256;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * Sends browsers away to be vouched for, and takes them back: each errand once over all nodes, within ten minutes, and
 * only from the browser that began it. So nobody can be signed in by a link or a form that somebody else laid out, and
 * an answer that was seen on its way is worth nothing.
 */
public final class SignInStates {
  private static final Duration LIFETIME = Duration.ofMinutes(10);

  private final SignInStore signIns;
  private final String scope;
  private final StateCookie cookie;

  private SignInStates(SignInStore signIns, String scope, StateCookie cookie) {
    this.signIns = signIns;
    this.scope = scope;
    this.cookie = cookie;
  }

  /** For those who come back by a redirect. */
  public static SignInStates byRedirect(SignInStore signIns, String scope, ClientResolver peers) {
    return new SignInStates(signIns, scope, new StateCookie(scope, false, peers));
  }

  /** For those who come back with a form that another site sends. */
  public static SignInStates byForm(SignInStore signIns, String scope, ClientResolver peers) {
    return new SignInStates(signIns, scope, new StateCookie(scope, true, peers));
  }

  /** An errand under way. */
  public record Begun(String state, SignInState errand) {
  }

  /** Notes an errand and gives the browser its cookie; a browser with several tabs is on several errands. */
  public Future<Begun> begin(HttpServerRequest request, String next, String verifier) {
    String browser = cookie.value(request).orElseGet(RandomToken::next);
    SignInState errand = new SignInState(hash(browser), RandomToken.next(), verifier, next);
    return signIns.putOnce(scope, errand.encode(), LIFETIME).map(state -> {
      cookie.give(request, browser, LIFETIME);
      return new Begun(state, errand);
    });
  }

  /** The errand that this browser comes back from; refused when it is none of its own, is over, or was ended before. */
  public Future<SignInState> end(HttpServerRequest request, String state) {
    Optional<String> browser = cookie.value(request);
    if (browser.isEmpty() || state.isEmpty()) {
      return Future.failedFuture(AuthErrors.strangeErrand());
    }
    return signIns.takeOnce(scope, state).compose(kept -> kept.map(SignInState::decode)
      .filter(errand -> isSame(errand.browser(), hash(browser.get())))
      .map(Future::succeededFuture)
      .orElseGet(() -> Future.failedFuture(AuthErrors.strangeErrand())));
  }

  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static String hash(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(text));
  }

  /**
   * The cookie by which a browser that comes back is known for the one that was sent away.
   *
   * <p>Over TLS its name has the prefix by which browsers take it from this very host alone. Who comes back with a form
   * that another site sends, as LTI wants it, brings only a cookie along that says {@code SameSite=None; Secure}: that
   * needs https, or this very machine, where Chromium and Firefox take {@code Secure} without it.
   */
  static final class StateCookie {
    private static final String PLAIN = "anteroom_errand_";

    private final String scope;
    private final boolean comesWithForms;
    private final ClientResolver peers;

    StateCookie(String scope, boolean comesWithForms, ClientResolver peers) {
      this.scope = scope;
      this.comesWithForms = comesWithForms;
      this.peers = peers;
    }

    Optional<String> value(HttpServerRequest request) {
      return Cookies.only(request, name(request)).filter(value -> !value.isEmpty());
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
}
