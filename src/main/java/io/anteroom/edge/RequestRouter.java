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

/** Rejects requests that fail admission, and passes all others to the routes. */
final class RequestRouter {
  private final ConnectionLimiter connections;
  private final AdmissionFilter admission;
  private final MetricsRegistry metrics;
  private final Routes routes;

  RequestRouter(ConnectionLimiter connections, AdmissionFilter admission, MetricsRegistry metrics, Routes routes) {
    this.connections = connections;
    this.admission = admission;
    this.metrics = metrics;
    this.routes = routes;
  }

  void handle(HttpServerRequest request) {
    if (!connections.accepts(request.connection())) {
      return;
    }
    metrics.count("edge_requests");
    connections.begin(request);
    admit(request).onComplete(done -> connections.end(request));
  }

  private Future<Void> admit(HttpServerRequest request) {
    Optional<ApiException> ambiguous = AmbiguousRequestCheck.in(request);
    if (ambiguous.isPresent()) {
      connections.rejectFurther(request.connection());
      return Responses.hangUp(request, ambiguous.get());
    }
    return admission.objection(request)
      .map(error -> routes.reject(request, error))
      .orElseGet(() -> routes.handle(request));
  }

  /** Routes each request to its handler, and turns every failure into a response. */
  static final class Routes {
    /** How long a client may go on sending after the response, so that it gets to read it (lingering close). */
    private static final Duration LINGER_TIMEOUT = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final OriginCheck origins;
    private final Optional<SignInEndpoints> signIn;
    private final StudentRoutes students;
    private final QueueRoutes queue;
    private final RootRoutes root;

    /** @param signIn empty where no sign-in is needed */
    Routes(Vertx vertx, OriginCheck origins, Optional<SignInEndpoints> signIn, StudentRoutes students,
        QueueRoutes queue, RootRoutes root) {
      this.vertx = vertx;
      this.origins = origins;
      this.signIn = signIn;
      this.students = students;
      this.queue = queue;
      this.root = root;
    }

    /** Done when the response has been sent. */
    Future<Void> handle(HttpServerRequest request) {
      request.pause();
      return Future.succeededFuture(request)
        .compose(this::route)
        .recover(failure -> leadsToSignIn(request, failure)
          ? signIn.orElseThrow().lead(request, owner(request)) : Responses.refuse(request, failure))
        .onComplete(done -> discardRest(request));
    }

    /** Answers a request with this error. */
    Future<Void> reject(HttpServerRequest request, ApiException error) {
      request.pause();
      return Responses.refuse(request, error).onComplete(done -> discardRest(request));
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
      return signsIn ? signIn.get().handle(request, uri.path()) : dispatch(request, uri);
    }

    private Future<Void> dispatch(HttpServerRequest request, RawUri uri) {
      Optional<StudentPath> student = StudentPath.of(uri);
      if (student.isPresent()) {
        return students.handle(request, student.get());
      }
      return QueueRoutes.takes(uri) ? queue.handle(request, uri) : root.handle(request, uri);
    }

    /** The student whose page this is; empty for other pages. */
    private static String owner(HttpServerRequest request) {
      return StudentPath.of(new RawUri(request.uri())).map(StudentPath::user).orElse("");
    }

    /**
     * Whether a person opens a page, who can sign in; a script gets the error in its own format. The sign-in pages
     * themselves lead nowhere else.
     */
    private boolean leadsToSignIn(HttpServerRequest request, Throwable failure) {
      return failure instanceof ApiException error && error.code() == ApiException.Code.SIGN_IN_NEEDED
        && !request.response().headWritten() && BrowserNavigation.is(request)
        && signIn.filter(part -> !part.takes(request, new RawUri(request.uri()).path())).isPresent();
    }

    /** Discards the unread rest of a body for a while, then closes the connection. */
    private void discardRest(HttpServerRequest request) {
      if (request.isEnded()) {
        return;
      }
      request.exceptionHandler(gone -> { });
      request.handler(unread -> { });
      request.resume();
      if (!request.isEnded()) {
        long timer = vertx.setTimer(LINGER_TIMEOUT.toMillis(), late -> request.connection().close());
        request.endHandler(read -> vertx.cancelTimer(timer));
      }
    }
  }
}
