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

/** Where every sign-in ends that began with a page: the browser gets its cookie and goes on to where it wanted. */
public interface SignInCompletion {

  /**
   * Lets somebody in who has proved who he is; refused when the lab does not know him.
   *
   * @param next where the browser wanted to go, as the browser said it: anything
   */
  Future<Void> admit(HttpServerRequest request, Identity identity, String next);

  /** Signs in by a cookie: always a new token, so that one that somebody laid ready beforehand is worth nothing. */
  public static final class CookieEntrance implements SignInCompletion {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.NAME);

    private final SignInStore signIns;
    private final SignInCookie cookie;
    private final ClientResolver peers;
    private final Supplier<Directory> directory;
    private final Duration lifetime;

    public CookieEntrance(SignInStore signIns, SignInCookie cookie, ClientResolver peers, Supplier<Directory> directory,
        Duration lifetime) {
      this.signIns = signIns;
      this.cookie = cookie;
      this.peers = peers;
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
          identity.role().word(), peers.address(request));
        cookie.give(request, token, lifetime);
        return Pages.redirect(request, ReturnUrl.safe(next, member.start()));
      });
    }
  }
}
