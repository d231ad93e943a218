package io.anteroom.edge;

import io.anteroom.edge.auth.OriginCheck;
import io.anteroom.task.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;

/** Leads every request to the part that answers it, and turns every failure into an answer. */
final class Routes {
  /** How long a client that was answered already may go on sending, so that it gets to read the answer. */
  private static final Duration LINGERING = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final OriginCheck origins;
  private final StudentRoutes students;
  private final QueueRoutes queue;
  private final RootRoutes root;

  Routes(Vertx vertx, OriginCheck origins, StudentRoutes students, QueueRoutes queue, RootRoutes root) {
    this.vertx = vertx;
    this.origins = origins;
    this.students = students;
    this.queue = queue;
    this.root = root;
  }

  void handle(HttpServerRequest request) {
    request.pause();
    Future.succeededFuture(request)
      .compose(this::route)
      .recover(failure -> Answers.refuse(request, failure))
      .onComplete(done -> letGo(request));
  }

  private Future<Void> route(HttpServerRequest request) {
    RawUri uri = new RawUri(request.uri());
    if (!uri.isSafe()) {
      return Future.failedFuture(Refusals.unsafeAddress());
    }
    Optional<Refusal> objection = origins.objection(request);
    if (objection.isPresent()) {
      return Future.failedFuture(objection.get());
    }
    Optional<StudentPath> student = StudentPath.of(uri);
    if (student.isPresent()) {
      return students.handle(request, student.get());
    }
    return QueueRoutes.takes(uri) ? queue.handle(request, uri) : root.handle(request, uri);
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
