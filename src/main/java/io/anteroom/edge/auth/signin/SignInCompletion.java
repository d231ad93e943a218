package io.anteroom.edge.auth.signin;

import io.anteroom.directory.Directory;
import io.anteroom.directory.UserName;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.Member;
import io.anteroom.edge.auth.SignInCookie;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.identity.AuditLog;
import io.anteroom.identity.Identity;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Completes a sign-in in a browser: sets its cookie and redirects it to where it wanted to go. */
public interface SignInCompletion {

  /**
   * Signs in an authenticated user; fails when the lab does not know them.
   *
   * @param next where the browser wants to go; not checked yet
   */
  Future<Void> admit(HttpServerRequest request, Identity identity, String next);

  /** Signs in by a cookie, always with a new token: one that was planted before is useless (session fixation). */
  public static final class CookieCompletion implements SignInCompletion {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.NAME);

    private final SignInStore signIns;
    private final SignInCookie cookie;
    private final ClientResolver clients;
    private final Supplier<Directory> directory;
    private final Duration lifetime;

    public CookieCompletion(SignInStore signIns, SignInCookie cookie, ClientResolver clients,
        Supplier<Directory> directory, Duration lifetime) {
      this.signIns = signIns;
      this.cookie = cookie;
      this.clients = clients;
      this.directory = directory;
      this.lifetime = lifetime;
    }

    @Override
    public Future<Void> admit(HttpServerRequest request, Identity identity, String next) {
      return Member.of(directory.get(), identity)
        .map(member -> admit(request, member, next))
        .orElseGet(() -> Future.failedFuture(AuthErrors.notInTheLab(identity.user())));
    }

    private Future<Void> admit(HttpServerRequest request, Member member, String next) {
      Identity identity = member.identity();
      return signIns.open(SignInCookie.SCOPE, identity, lifetime).compose(token -> {
        log.info("Signed in: user={} role={} address={}", UserName.logged(identity.user()),
          identity.role().word(), clients.address(request));
        cookie.give(request, token, lifetime);
        return Pages.redirect(request, ReturnUrl.safe(next, member.start()));
      });
    }
  }
}
