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
 * Stops login CSRF (RFC 6749, section 10.12): each state counts once over all nodes, within ten minutes, and only from
 * the browser that began it. So a link or a form of another site cannot sign a browser in, and a captured reply is
 * useless.
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

  /** For providers that send the browser back by a redirect. */
  public static SignInStates byRedirect(SignInStore signIns, String scope, ClientResolver clients) {
    return new SignInStates(signIns, scope, new StateCookie(scope, false, clients));
  }

  /** For providers that send the browser back with a form of their site. */
  public static SignInStates byForm(SignInStore signIns, String scope, ClientResolver clients) {
    return new SignInStates(signIns, scope, new StateCookie(scope, true, clients));
  }

  /**
   * A state that was begun.
   *
   * @param state the parameter of the protocol
   */
  public record Begun(String state, SignInState stored) {
  }

  /** Stores a state and sets the browser's cookie; a browser with several tabs may have several states. */
  public Future<Begun> begin(HttpServerRequest request, String next, String verifier) {
    String browser = cookie.value(request).orElseGet(RandomToken::next);
    SignInState stored = new SignInState(hash(browser), RandomToken.next(), verifier, next);
    return signIns.putOnce(scope, stored.encode(), LIFETIME).map(state -> {
      cookie.give(request, browser, LIFETIME);
      return new Begun(state, stored);
    });
  }

  /** The state that this browser began; fails when it began none such, or it has expired or was used before. */
  public Future<SignInState> end(HttpServerRequest request, String state) {
    Optional<String> browser = cookie.value(request);
    if (browser.isEmpty() || state.isEmpty()) {
      return Future.failedFuture(AuthErrors.unknownSignInState());
    }
    return signIns.takeOnce(scope, state).compose(kept -> kept.map(SignInState::decode)
      .filter(stored -> isSame(stored.browser(), hash(browser.get())))
      .map(Future::succeededFuture)
      .orElseGet(() -> Future.failedFuture(AuthErrors.unknownSignInState())));
  }

  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static String hash(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(text));
  }

  /**
   * The cookie that binds a state to the browser that began it.
   *
   * <p>Over TLS its name has the prefix {@code __Host-}, so browsers accept it from this very host alone. With a form
   * of another site, as LTI sends it, browsers only send a cookie with {@code SameSite=None; Secure}: that needs https,
   * or this very machine, where Chromium and Firefox accept {@code Secure} without it.
   */
  static final class StateCookie {
    private static final String PLAIN = "anteroom_errand_";

    private final String scope;
    private final boolean crossSite;
    private final ClientResolver clients;

    StateCookie(String scope, boolean crossSite, ClientResolver clients) {
      this.scope = scope;
      this.crossSite = crossSite;
      this.clients = clients;
    }

    Optional<String> value(HttpServerRequest request) {
      return Cookies.only(request, name(request)).filter(value -> !value.isEmpty());
    }

    void give(HttpServerRequest request, String value, Duration lifetime) {
      boolean tls = clients.isTls(request);
      request.response().headers().add(HttpHeaders.SET_COOKIE, "%s=%s; Path=%s; Max-Age=%d; HttpOnly; %s".formatted(
        name(request), value, tls ? "/" : "/signin/", lifetime.toSeconds(),
        crossSite ? "SameSite=None; Secure" : tls ? "SameSite=Lax; Secure" : "SameSite=Lax"));
    }

    private String name(HttpServerRequest request) {
      return (clients.isTls(request) ? "__Host-" : "") + PLAIN + scope;
    }
  }
}
