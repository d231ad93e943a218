package io.anteroom.edge.api;

import io.anteroom.bus.Bus;
import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.AboutUser;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.bus.StatusServices.When;
import io.anteroom.directory.User;
import io.anteroom.edge.admission.ConcurrencyLimiter;
import io.anteroom.edge.auth.AccessRevalidator;
import io.anteroom.edge.auth.AccessRevalidator.Welcome;
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

/** Opens streams of server-sent events, so many for each user. */
public final class EventStreams {
  private final Vertx vertx;
  private final Bus bus;
  private final ConcurrencyLimiter open;
  private final GracefulShutdown closing;
  private final AccessRevalidator welcomes;

  public EventStreams(Vertx vertx, Bus bus, ConcurrencyLimiter open, GracefulShutdown closing,
      AccessRevalidator welcomes) {
    this.vertx = vertx;
    this.bus = bus;
    this.open = open;
    this.closing = closing;
    this.welcomes = welcomes;
  }

  /** Done when the reader has gone, or has been shown out; his connection may stay. */
  Future<Void> open(HttpServerRequest request, User user) {
    Optional<ApiException> crowded = open.enter(user.name());
    if (crowded.isPresent()) {
      return Future.failedFuture(crowded.get());
    }
    request.response()
      .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
      .putHeader("X-Accel-Buffering", "no")
      .setChunked(true);
    SecurityHeaders.addTo(request.response().headers());
    Welcome welcome = welcomes.begin(request, user.name());
    return Future.<Void>future(gone -> {
      // The end of an answer and the end of its connection are two events, of which either may come alone.
      request.response().endHandler(gone::tryComplete).closeHandler(gone::tryComplete);
      EventStream stream = new EventStream(vertx, bus, request.response(), user.name());
      stream.start(gone.future());
      closing.tell(stream::end, gone.future());
      welcome.over().onSuccess(unwelcome -> stream.end());
    }).onComplete(gone -> {
      welcome.end();
      open.leave(user.name());
    });
  }

  /**
   * One reader's picture of his tasks, sent whole at the beginning and whenever it changes.
   *
   * <p>Nothing is kept for a slow reader: the next picture is asked for when he has taken the last.
   */
  static final class EventStream {
    private static final Logger log = LoggerFactory.getLogger(EventStream.class);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
    private static final Duration HELD_BACK = Duration.ofSeconds(25);
    private static final Duration BETWEEN_PICTURES = Duration.ofMillis(100);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(2);

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

    void start(Future<Void> readerGone) {
      long keepAlive = vertx.setPeriodic(KEEP_ALIVE.toMillis(), tick -> keepAlive());
      readerGone.onComplete(done -> {
        gone = true;
        vertx.cancelTimer(keepAlive);
      });
      write("retry: 2000\n\n");
      next(When.NOW);
    }

    /** Its reader opens another, here or elsewhere. */
    void end() {
      gone = true;
      response.end().onFailure(closed -> log.debug("A stream of events had no reader any more: user={}", user));
    }

    private void next(When when) {
      if (!gone) {
        bus.request(StatusServices.USER, new AboutUser(user, when))
          .onSuccess(this::picture)
          .onFailure(this::tryAgain);
      }
    }

    private void picture(Answer answer) {
      if (!gone && !answer.version().equals(sent)) {
        sent = answer.version();
        write("event: tasks\nid: " + sent + "\ndata: " + TaskJson.list(answer).encode() + "\n\n");
      }
      if (!gone && response.writeQueueFull()) {
        response.drainHandler(taken -> later(BETWEEN_PICTURES));
      } else {
        later(BETWEEN_PICTURES);
      }
    }

    private void tryAgain(Throwable failure) {
      log.debug("A stream of events has no news, it is asked for again: user={} cause={}", user, failure.getMessage());
      later(AFTER_A_FAILURE);
    }

    private void later(Duration pause) {
      vertx.setTimer(pause.toMillis(), tick -> next(new When(sent, HELD_BACK)));
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
