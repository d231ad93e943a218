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
 * The way in at a door: to the hall, where it is known who comes, and back with a pass. So nobody is let in by a link
 * that somebody else laid out, and no other origin ever has the door's cookie.
 */
final class StudentOriginRoutes {
  static final String ENTER = "/signin/enter";
  static final String LEAVE = "/signin/leave";
  private static final Logger log = LoggerFactory.getLogger(AuditLog.NAME);
  private static final Duration LOOKS_FOR = Duration.ofMinutes(15);

  private final StudentOrigins doors;
  private final SignInStore signIns;
  private final SignInStates errands;
  private final OriginCookie cookie;
  private final ClientResolver peers;
  private final Duration lifetime;

  /** @param lifetime of a sign-in */
  StudentOriginRoutes(StudentOrigins doors, SignInStore signIns, OriginCookie cookie, ClientResolver peers,
      Duration lifetime) {
    this.doors = doors;
    this.signIns = signIns;
    this.errands = SignInStates.byRedirect(signIns, PublicOriginRoutes.NAME, peers);
    this.cookie = cookie;
    this.peers = peers;
    this.lifetime = lifetime;
  }

  /** Answers what is not a student's page: here one only enters, all else is in the hall. */
  Future<Void> handle(HttpServerRequest request, String path) {
    return switch (path) {
      case ENTER -> enter(request);
      case LEAVE -> leave(request);
      default -> Pages.redirect(request, doors.hall(request) + path);
    };
  }

  /** Sends a browser that wants to open this address to the hall, to come back with a pass. */
  Future<Void> lead(HttpServerRequest request, String owner) {
    return errands.begin(request, request.uri(), "").compose(begun ->
      Pages.redirect(request, "%s%s?owner=%s&state=%s".formatted(doors.hall(request), PublicOriginRoutes.ADDRESS,
        Pages.encoded(owner), begun.state())));
  }

  private Future<Void> enter(HttpServerRequest request) {
    FormData brought = FormData.ofQuery(request);
    return errands.end(request, brought.get("state"))
      .compose(errand -> signIns.takeOnce(PublicOriginRoutes.PASSES, brought.get("pass"))
      .compose(kept -> kept.map(HandoffTicket::decode)
        .filter(pass -> doors.at(request).filter(pass.door()::equals).isPresent())
        .filter(pass -> pass.state().equals(brought.get("state")))
        .map(pass -> letIn(request, pass, errand))
        .orElseGet(() -> Future.failedFuture(AuthErrors.strangeErrand()))));
  }

  /** Only who comes from his sign-out has anything deleted: a link that somebody laid out deletes nothing. */
  private Future<Void> leave(HttpServerRequest request) {
    return signIns.takeOnce(PublicOriginRoutes.FAREWELLS, FormData.ofQuery(request).get("farewell")).compose(kept -> {
      if (kept.isPresent() && kept.equals(doors.at(request))) {
        cookie.remove(request);
        Pages.forgetStored(request);
      }
      return Pages.redirect(request, doors.hall(request) + "/signin");
    });
  }

  private Future<Void> letIn(HttpServerRequest request, HandoffTicket pass, SignInState errand) {
    Duration time = pass.looks() ? LOOKS_FOR : lifetime;
    return token(pass, time).compose(token -> {
      if (pass.looks()) {
        log.info("Looks at a page: user={} role={} owner={} address={}", UserName.logged(pass.who().user()),
          pass.who().role().word(), UserName.logged(pass.owner()), peers.address(request));
      }
      cookie.give(request, new Key(pass.door(), pass.owner(), token), time);
      return Pages.redirect(request, ReturnUrl.safe(errand.next(), Pages.ofStudent(pass.owner())));
    });
  }

  private Future<String> token(HandoffTicket pass, Duration time) {
    String scope = Key.scope(pass.door(), pass.owner());
    return pass.parent().isEmpty() ? signIns.open(scope, pass.who(), time)
      : signIns.openBelow(pass.parent(), scope, pass.who(), time).compose(token -> token.map(Future::succeededFuture)
        .orElseGet(() -> Future.failedFuture(AuthErrors.signInNeeded())));
  }

  /** Where one signs in when there are doors: in the hall as ever, at a door by way of the hall. */
  record DoorSignIn(StudentOrigins doors, SignInEndpoints hall, StudentOriginRoutes routes) implements SignInEndpoints {
    @Override
    public boolean takes(HttpServerRequest request, String path) {
      return hall.takes(request, path) || isAtDoor(request) && path.equals("/");
    }

    @Override
    public boolean takesForeignForms(String path) {
      return hall.takesForeignForms(path);
    }

    @Override
    public Future<Void> handle(HttpServerRequest request, String path) {
      return isAtDoor(request) ? routes.handle(request, path) : hall.handle(request, path);
    }

    @Override
    public Future<Void> lead(HttpServerRequest request, String owner) {
      return isAtDoor(request) ? routes.lead(request, owner) : hall.lead(request, owner);
    }

    private boolean isAtDoor(HttpServerRequest request) {
      return doors.at(request).isPresent();
    }
  }
}
