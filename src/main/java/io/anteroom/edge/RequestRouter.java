package io.anteroom.edge;

import io.anteroom.edge.admission.AdmissionFilter;
import io.anteroom.edge.admission.AmbiguousRequestCheck;
import io.anteroom.edge.admission.ConnectionLimiter;
import io.anteroom.edge.api.QueueRoutes;
import io.anteroom.edge.auth.CsrfCheck;
import io.anteroom.edge.auth.CsrfCheck.OriginCheck;
import io.anteroom.edge.auth.signin.SignInEndpoints;
import io.anteroom.edge.http.BrowserNavigation;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.Responses;
import io.anteroom.edge.http.StudentPath;
import io.anteroom.edge.student.RootRoutes;
import io.anteroom.edge.student.StudentRoutes;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;

/** Turns away what must not come in, whoever sent it; all else goes on to the routes. */
final class RequestRouter {
  private final ConnectionLimiter connections;
  private final AdmissionFilter strangers;
  private final MetricsRegistry tally;
  private final Routes routes;

  RequestRouter(ConnectionLimiter connections, AdmissionFilter strangers, MetricsRegistry tally, Routes routes) {
    this.connections = connections;
    this.strangers = strangers;
    this.tally = tally;
    this.routes = routes;
  }

  void handle(HttpServerRequest request) {
    if (!connections.takes(request.connection())) {
      return;
    }
    tally.count("edge_requests");
    connections.begin(request);
    admit(request).onComplete(done -> connections.end(request));
  }

  private Future<Void> admit(HttpServerRequest request) {
    Optional<ApiException> unclear = AmbiguousRequestCheck.in(request);
    if (unclear.isPresent()) {
      connections.refuseMore(request.connection());
      return Responses.hangUp(request, unclear.get());
    }
    return strangers.objection(request)
      .map(refusal -> routes.turnAway(request, refusal))
      .orElseGet(() -> routes.handle(request));
  }

  /** Leads every request to the part that answers it, and turns every failure into an answer. */
  static final class Routes {
    /** How long a client that was answered already may go on sending, so that it gets to read the answer. */
    private static final Duration LINGERING = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final OriginCheck origins;
    private final Optional<SignInEndpoints> signIn;
    private final Parts parts;

    /** The parts that answer what needs somebody to be known. */
    record Parts(StudentRoutes students, QueueRoutes queue, RootRoutes root) {
    }

    /** @param signIn empty where nobody signs in */
    Routes(Vertx vertx, OriginCheck origins, Optional<SignInEndpoints> signIn, Parts parts) {
      this.vertx = vertx;
      this.origins = origins;
      this.signIn = signIn;
      this.parts = parts;
    }

    /** Done when it has been answered. */
    Future<Void> handle(HttpServerRequest request) {
      request.pause();
      return Future.succeededFuture(request)
        .compose(this::route)
        .recover(failure -> leadsToSignIn(request, failure)
          ? signIn.orElseThrow().lead(request, owner(request)) : Responses.refuse(request, failure))
        .onComplete(done -> letGo(request));
    }

    /** Tells why a request goes nowhere. */
    Future<Void> turnAway(HttpServerRequest request, ApiException refusal) {
      request.pause();
      return Responses.refuse(request, refusal).onComplete(done -> letGo(request));
    }

    private Future<Void> route(HttpServerRequest request) {
      RawUri uri = new RawUri(request.uri());
      if (!uri.isSafe()) {
        return Future.failedFuture(EdgeErrors.unsafeAddress());
      }
      boolean signsIn = signIn.filter(part -> part.takes(request, uri.path())).isPresent();
      Optional<ApiException> objection = origins.objection(request).or(() -> CsrfCheck.objection(request));
      if (objection.isPresent() && !(signsIn && signIn.get().takesForeignForms(uri.path()))) {
        return Future.failedFuture(objection.get());
      }
      if (signsIn && !uri.hasReadableQuery()) {
        return Future.failedFuture(EdgeErrors.invalid("The query", uri.query(), "percent-encoded"));
      }
      return signsIn ? signIn.get().handle(request, uri.path()) : known(request, uri);
    }

    private Future<Void> known(HttpServerRequest request, RawUri uri) {
      Optional<StudentPath> student = StudentPath.of(uri);
      if (student.isPresent()) {
        return parts.students().handle(request, student.get());
      }
      return QueueRoutes.takes(uri) ? parts.queue().handle(request, uri) : parts.root().handle(request, uri);
    }

    /** Whose page it would be; empty when it is nobody's. */
    private static String owner(HttpServerRequest request) {
      return StudentPath.of(new RawUri(request.uri())).map(StudentPath::user).orElse("");
    }

    /**
     * Whether a person looks at a page, who can do something about it; a script is told so in its own words. On the way
     * of signing in he is there already.
     */
    private boolean leadsToSignIn(HttpServerRequest request, Throwable failure) {
      return failure instanceof ApiException refusal && refusal.code() == ApiException.Code.SIGN_IN_NEEDED
        && !request.response().headWritten() && BrowserNavigation.is(request)
        && signIn.filter(part -> !part.takes(request, new RawUri(request.uri()).path())).isPresent();
    }

    /** Throws away what is left of a body that nobody wants, for a while; then hangs up. */
    private void letGo(HttpServerRequest request) {
      if (request.isEnded()) {
        return;
      }
      request.exceptionHandler(gone -> { });
      request.handler(unread -> { });
      request.resume();
      if (!request.isEnded()) {
        long timer = vertx.setTimer(LINGERING.toMillis(), late -> request.connection().close());
        request.endHandler(read -> vertx.cancelTimer(timer));
      }
    }
  }
}
