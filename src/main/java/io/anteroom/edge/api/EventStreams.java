package io.anteroom.edge.api;

import io.anteroom.bus.Bus;
import io.anteroom.directory.User;
import io.anteroom.edge.admission.Crowd;
import io.anteroom.edge.auth.Welcomes;
import io.anteroom.edge.auth.Welcomes.Welcome;
import io.anteroom.edge.http.Closing;
import io.anteroom.http.OwnHeaders;
import io.anteroom.task.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Opens streams of server-sent events, so many for each user. */
public final class EventStreams {
  private final Vertx vertx;
  private final Bus bus;
  private final Crowd open;
  private final Closing closing;
  private final Welcomes welcomes;

  public EventStreams(Vertx vertx, Bus bus, Crowd open, Closing closing, Welcomes welcomes) {
    this.vertx = vertx;
    this.bus = bus;
    this.open = open;
    this.closing = closing;
    this.welcomes = welcomes;
  }

  /** Done when the reader has gone, or has been shown out; his connection may stay. */
  Future<Void> open(HttpServerRequest request, User user) {
    Optional<Refusal> crowded = open.enter(user.name());
    if (crowded.isPresent()) {
      return Future.failedFuture(crowded.get());
    }
    request.response()
      .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
      .putHeader("X-Accel-Buffering", "no")
      .setChunked(true);
    OwnHeaders.addTo(request.response().headers());
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
}
