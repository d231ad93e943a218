package io.anteroom.edge.api;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.Bus;
import io.anteroom.directory.User;
import io.anteroom.edge.admission.ConcurrencyLimiter;
import io.anteroom.edge.auth.AccessRevalidator;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.Authorizer;
import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.edge.http.GracefulShutdown;
import io.anteroom.support.client.RawClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream that has ended, whoever ended it, is none of those that a user may have. */
class EventStreamsTest {
  private static final User ALICE = new User("alice", "Alice", "class", User.Role.STUDENT, "gpu-01");
  private static final String EVENTS = "GET /events HTTP/1.1\r\nHost: lab\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final ConcurrencyLimiter open = new ConcurrencyLimiter("event streams", 1);
  private final AtomicInteger ended = new AtomicInteger();
  private volatile boolean signedOut;

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void whoIsShownOutMayComeAgainByTheSameConnection() throws IOException {
    int port = listen();
    try (RawClient alice = new RawClient(port)) {
      assertThat(alice.say(EVENTS).head()).startsWith("HTTP/1.1 200 ");
      assertThat(open.of("alice")).isEqualTo(1);

      signedOut = true;
      until(() -> ended.get() == 1);

      assertThat(open.of("alice")).isZero();
      signedOut = false;
      alice.say(EVENTS);
      until(() -> open.of("alice") == 1);
    }
    until(() -> ended.get() == 2 && open.of("alice") == 0);
  }

  private int listen() {
    EventStreams streams = new EventStreams(vertx, new Bus(vertx), open, new GracefulShutdown(),
      new AccessRevalidator(vertx, new Doubtful()));
    HttpServer server = vertx.createHttpServer().requestHandler(request ->
      streams.open(request, ALICE).onComplete(gone -> ended.incrementAndGet()));
    return done(server.listen(0, "127.0.0.1")).actualPort();
  }

  /** Knows alice as long as she is signed in. */
  private final class Doubtful implements Authorizer {
    @Override
    public Future<Access> ownerOf(HttpServerRequest request, String owner) {
      return signedOut ? Future.failedFuture(AuthErrors.signInNeeded())
        : Future.succeededFuture(new Access(ALICE, false));
    }

    @Override
    public Future<Access> self(HttpServerRequest request) {
      return ownerOf(request, "alice");
    }
  }
}
