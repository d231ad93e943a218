package io.anteroom.edge.admission;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.admission.BodyReader.BodyBudget;
import io.anteroom.edge.admission.BodyReader.BodyBudget.Grant;
import io.anteroom.edge.http.Responses;
import io.anteroom.support.client.RawClient;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a workflow holds of the memory for as long as it is on its way. */
class BodyReaderTest {
  private static final int LIMIT = 1_000;
  private static final int BUDGET = 1_500;

  private final Vertx vertx = Vertx.vertx();
  private final BodyBudget budget = new BodyBudget(BUDGET);
  private final BodyReader bodies = new BodyReader(vertx, budget, LIMIT, Duration.ofSeconds(3));
  private final HttpServer server = done(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
  private final Promise<Void> used = Promise.promise();
  private final List<Socket> open = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    done(vertx.close());
  }

  /** Nine tenths of what is allowed, and then never the rest: the sender keeps the line open as long as we do. */
  @Attack(30)
  @Test
  void aWorkflowThatNeverArrivesIsRefusedAndGivesItsMemoryBack() throws IOException {
    assertThat(RawClient.ask(server.actualPort(), announced("ann", 900) + "{"))
      .contains("HTTP/1.1 400 ", "invalid_request", "did not arrive within");

    until(() -> budget.taken() == 0);
  }

  @Attack(30)
  @Test
  void whatIsOnlyAnnouncedKeepsNobodyOut() throws IOException {
    for (int i = 0; i < 4; i++) {
      send(announced("user" + i, 900));
    }
    used.complete();

    assertThat(RawClient.ask(server.actualPort(), announced("ann", 900) + "x".repeat(900))).contains("HTTP/1.1 200 ");
  }

  /** As fast as the whole time would allow it, but then too slow for a moment. */
  @Attack(30)
  @Test
  void whatStandsStillIsTurnedAwayBeforeItsTimeIsOver() throws IOException {
    long begun = System.nanoTime();

    assertThat(RawClient.ask(server.actualPort(), announced("ann", 900) + "x".repeat(500))).contains("HTTP/1.1 400 ");

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
  }

  @Attack(30)
  @Test
  void whatComesTogetherWithTooMuchElseIsTurnedAwayAndNotKept() throws IOException {
    assertThat(budget.take("ben", 1_000, LIMIT)).isEqualTo(Grant.GRANTED);

    assertThat(RawClient.ask(server.actualPort(), announced("ann", 900) + "x".repeat(900)))
      .contains("HTTP/1.1 503 ", "busy", "Too many large workflows are being submitted");

    until(() -> budget.taken() == 1_000);
  }

  @Attack(30)
  @Test
  void oneUserHasNoMoreThanTheLargestWorkflowOnItsWay() throws IOException {
    send(announced("ann", 600) + "x".repeat(600));
    until(() -> budget.taken() == 600);

    assertThat(RawClient.ask(server.actualPort(), announced("ann", 600) + "x".repeat(600)))
      .contains("HTTP/1.1 503 ", "busy", "large workflows of ann");

    assertThat(budget.taken()).isEqualTo(600);
    used.complete();
    until(() -> budget.taken() == 0);
  }

  private static String announced(String user, int length) {
    return "POST /" + user + " HTTP/1.1\r\nHost: lab\r\nConnection: close\r\nContent-Length: " + length
      + "\r\n\r\n";
  }

  private void send(String request) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.actualPort());
    open.add(socket);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void answer(HttpServerRequest request) {
    request.pause();
    Future<Void> answered = bodies.with(request, request.path().substring(1),
      body -> used.future().compose(now -> request.response().end()));
    answered.recover(failure -> Responses.hangUp(request, (ApiException) failure));
  }
}
