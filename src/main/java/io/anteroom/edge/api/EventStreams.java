package io.anteroom.edge.api;

import io.anteroom.bus.Bus;
import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.AboutUser;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.bus.StatusServices.When;
import io.anteroom.directory.User;
import io.anteroom.edge.admission.ConcurrencyLimiter;
import io.anteroom.edge.auth.AccessRevalidator;
import io.anteroom.edge.auth.AccessRevalidator.Lease;
import io.anteroom.edge.http.GracefulShutdown;
import io.anteroom.http.SecurityHeaders;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens streams of server-sent events, a limited number for each user. */
public final class EventStreams {
  private final Vertx vertx;
  private final Bus bus;
  private final ConcurrencyLimiter open;
  private final GracefulShutdown shutdown;
  private final AccessRevalidator revalidator;

  public EventStreams(Vertx vertx, Bus bus, ConcurrencyLimiter open, GracefulShutdown shutdown,
      AccessRevalidator revalidator) {
    this.vertx = vertx;
    this.bus = bus;
    this.open = open;
    this.shutdown = shutdown;
    this.revalidator = revalidator;
  }

  /** Done when the client has gone, or its access was revoked; its connection may stay open. */
  Future<Void> open(HttpServerRequest request, User user) {
    Optional<ApiException> rejection = open.acquire(user.name());
    if (rejection.isPresent()) {
      return Future.failedFuture(rejection.get());
    }
    request.response()
      .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
      .putHeader("X-Accel-Buffering", "no")
      .setChunked(true);
    SecurityHeaders.addTo(request.response().headers());
    Lease lease = revalidator.begin(request, user.name());
    return Future.<Void>future(gone -> {
      // The end of the response and the end of its connection are two events; either may come alone.
      request.response().endHandler(gone::tryComplete).closeHandler(gone::tryComplete);
      EventStream stream = new EventStream(vertx, bus, request.response(), user.name());
      stream.start(gone.future());
      shutdown.onShutdown(stream::end, gone.future());
      lease.revoked().onSuccess(revoked -> stream.end());
    }).onComplete(gone -> {
      lease.end();
      open.release(user.name());
    });
  }

  /**
   * One client's stream: its tasks, sent as a whole at the beginning and whenever they change.
   *
   * <p>Nothing is buffered for a slow client: the next snapshot is requested when the last one was read (backpressure).
   */
  static final class EventStream {
    private static final Logger log = LoggerFactory.getLogger(EventStream.class);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
    private static final Duration MAX_WAIT = Duration.ofSeconds(25);
    private static final Duration MIN_INTERVAL = Duration.ofMillis(100);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Bus bus;
    private final HttpServerResponse response;
    private final String user;
    private boolean gone;
    private String sent = "";

    EventStream(Vertx vertx, Bus bus, HttpServerResponse response, String user) {
      this.vertx = vertx;
      this.bus = bus;
      this.response = response;
      this.user = user;
    }

    void start(Future<Void> clientGone) {
      long keepAlive = vertx.setPeriodic(KEEP_ALIVE.toMillis(), tick -> keepAlive());
      clientGone.onComplete(done -> {
        gone = true;
        vertx.cancelTimer(keepAlive);
      });
      write("retry: 2000\n\n");
      next(When.NOW);
    }

    /** Ends the stream; its client opens another, at this node or another one. */
    void end() {
      gone = true;
      response.end().onFailure(closed -> log.debug("The client of an event stream had gone already: user={}", user));
    }

    private void next(When when) {
      if (!gone) {
        bus.request(StatusServices.USER, new AboutUser(user, when))
          .onSuccess(this::send)
          .onFailure(this::retry);
      }
    }

    private void send(Answer answer) {
      if (!gone && !answer.version().equals(sent)) {
        sent = answer.version();
        write("event: tasks\nid: " + sent + "\ndata: " + TaskJson.list(answer).encode() + "\n\n");
      }
      if (!gone && response.writeQueueFull()) {
        response.drainHandler(taken -> later(MIN_INTERVAL));
      } else {
        later(MIN_INTERVAL);
      }
    }

    private void retry(Throwable failure) {
      log.debug("An event stream could not be updated, next try in 2 s: user={} cause={}", user, failure.getMessage());
      later(RETRY_AFTER);
    }

    private void later(Duration pause) {
      vertx.setTimer(pause.toMillis(), tick -> next(new When(sent, MAX_WAIT)));
    }

    private void keepAlive() {
      if (!response.writeQueueFull()) {
        write(": still here\n\n");
      }
    }

    private void write(String text) {
      response.write(text).onFailure(closed -> gone = true);
    }
  }
}
