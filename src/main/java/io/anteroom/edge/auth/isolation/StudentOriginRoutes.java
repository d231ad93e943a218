package io.anteroom.edge.auth.isolation;

import io.anteroom.directory.UserName;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.isolation.OriginCookie.Key;
import io.anteroom.edge.auth.isolation.PublicOriginRoutes.HandoffTicket;
import io.anteroom.edge.auth.signin.FormData;
import io.anteroom.edge.auth.signin.ReturnUrl;
import io.anteroom.edge.auth.signin.SignInEndpoints;
import io.anteroom.edge.auth.signin.SignInState;
import io.anteroom.edge.auth.signin.SignInStates;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.identity.AuditLog;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs in at a student's origin: redirects to the public origin, where the user is known, and back with a ticket. The
 * ticket is bound to the browser's own state cookie (login CSRF), and no other origin ever has this origin's cookie.
 */
final class StudentOriginRoutes {
  static final String ENTER = "/signin/enter";
  static final String LEAVE = "/signin/leave";
  private static final Logger log = LoggerFactory.getLogger(AuditLog.NAME);
  private static final Duration VIEWER_LIFETIME = Duration.ofMinutes(15);

  private final StudentOrigins origins;
  private final SignInStore signIns;
  private final SignInStates states;
  private final OriginCookie cookie;
  private final ClientResolver clients;
  private final Duration lifetime;

  /** @param lifetime of a sign-in */
  StudentOriginRoutes(StudentOrigins origins, SignInStore signIns, OriginCookie cookie, ClientResolver clients,
      Duration lifetime) {
    this.origins = origins;
    this.signIns = signIns;
    this.states = SignInStates.byRedirect(signIns, PublicOriginRoutes.NAME, clients);
    this.cookie = cookie;
    this.clients = clients;
    this.lifetime = lifetime;
  }

  /** Answers paths outside of the student's page; all but entering and leaving are redirected to the public origin. */
  Future<Void> handle(HttpServerRequest request, String path) {
    return switch (path) {
      case ENTER -> enter(request);
      case LEAVE -> leave(request);
      default -> Pages.redirect(request, origins.publicOrigin(request) + path);
    };
  }

  /** Redirects a browser to the public origin, to come back to this address with a ticket. */
  Future<Void> lead(HttpServerRequest request, String owner) {
    return states.begin(request, request.uri(), "").compose(begun ->
      Pages.redirect(request, "%s%s?owner=%s&state=%s".formatted(origins.publicOrigin(request),
        PublicOriginRoutes.ADDRESS,
        Pages.encoded(owner), begun.state())));
  }

  private Future<Void> enter(HttpServerRequest request) {
    FormData query = FormData.ofQuery(request);
    return states.end(request, query.get("state"))
      .compose(state -> signIns.takeOnce(PublicOriginRoutes.TICKETS, query.get("pass"))
      .compose(kept -> kept.map(HandoffTicket::decode)
        .filter(ticket -> origins.at(request).filter(ticket.origin()::equals).isPresent())
        .filter(ticket -> ticket.state().equals(query.get("state")))
        .map(ticket -> admit(request, ticket, state))
        .orElseGet(() -> Future.failedFuture(AuthErrors.unknownSignInState()))));
  }

  /** Deletes stored data only with the ticket of a sign-out: a link of another site deletes nothing (CSRF). */
  private Future<Void> leave(HttpServerRequest request) {
    return signIns.takeOnce(PublicOriginRoutes.SIGN_OUTS, FormData.ofQuery(request).get("farewell")).compose(kept -> {
      if (kept.isPresent() && kept.equals(origins.at(request))) {
        cookie.remove(request);
        Pages.forgetStored(request);
      }
      return Pages.redirect(request, origins.publicOrigin(request) + "/signin");
    });
  }

  private Future<Void> admit(HttpServerRequest request, HandoffTicket ticket, SignInState state) {
    Duration time = ticket.readOnly() ? VIEWER_LIFETIME : lifetime;
    return token(ticket, time).compose(token -> {
      if (ticket.readOnly()) {
        log.info("Views a page: user={} role={} owner={} address={}", UserName.logged(ticket.identity().user()),
          ticket.identity().role().word(), UserName.logged(ticket.owner()), clients.address(request));
      }
      cookie.give(request, new Key(ticket.origin(), ticket.owner(), token), time);
      return Pages.redirect(request, ReturnUrl.safe(state.next(), Pages.ofStudent(ticket.owner())));
    });
  }

  private Future<String> token(HandoffTicket ticket, Duration time) {
    String scope = Key.scope(ticket.origin(), ticket.owner());
    return ticket.parent().isEmpty() ? signIns.open(scope, ticket.identity(), time)
      : signIns.openBelow(ticket.parent(), scope, ticket.identity(), time).compose(token -> token
        .map(Future::succeededFuture)
        .orElseGet(() -> Future.failedFuture(AuthErrors.signInNeeded())));
  }

  /** The sign-in pages with origin isolation: a student's origin signs in by way of the public one. */
  record OriginSignIn(StudentOrigins origins, SignInEndpoints publicSignIn, StudentOriginRoutes routes)
      implements SignInEndpoints {
    @Override
    public boolean takes(HttpServerRequest request, String path) {
      return publicSignIn.takes(request, path) || isAtStudentOrigin(request) && path.equals("/");
    }

    @Override
    public boolean takesForeignForms(String path) {
      return publicSignIn.takesForeignForms(path);
    }

    @Override
    public Future<Void> handle(HttpServerRequest request, String path) {
      return isAtStudentOrigin(request) ? routes.handle(request, path) : publicSignIn.handle(request, path);
    }

    @Override
    public Future<Void> lead(HttpServerRequest request, String owner) {
      return isAtStudentOrigin(request) ? routes.lead(request, owner) : publicSignIn.lead(request, owner);
    }

    private boolean isAtStudentOrigin(HttpServerRequest request) {
      return origins.at(request).isPresent();
    }
  }
}
