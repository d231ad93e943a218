package io.anteroom.edge;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.support.RawClient;
import io.anteroom.task.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a workflow holds of the memory for as long as it is on its way. */
class PromptBodiesTest {
  private static final int LIMIT = 1_000;

  private final Vertx vertx = Vertx.vertx();
  private final BodyBudget budget = new BodyBudget(LIMIT);
  private final PromptBodies bodies = new PromptBodies(vertx, budget, LIMIT, Duration.ofMillis(500));
  private final List<Long> held = new CopyOnWriteArrayList<>();
  private final HttpServer server = done(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));

  @AfterEach
  void close() {
    done(vertx.close());
  }

  /** Nine tenths of the budget, and then never the rest: the sender keeps the line open as long as we do. */
  @Attack(30)
  @Test
  void aWorkflowThatNeverArrivesIsRefusedAndGivesItsMemoryBack() throws IOException {
    assertThat(RawClient.ask(server.actualPort(),
      "POST / HTTP/1.1\r\nHost: lab\r\nConnection: close\r\nContent-Length: 900\r\n\r\n{"))
      .contains("HTTP/1.1 400 ", "invalid_request", "did not arrive within");

    assertThat(held).containsExactly(900L);
    until(() -> budget.taken() == 0);
  }

  @Attack(30)
  @Test
  void whatComesTogetherWithTooMuchElseIsTurnedAwayAndNotKept() throws IOException {
    assertThat(budget.take(200)).isTrue();

    assertThat(RawClient.ask(server.actualPort(),
      "POST / HTTP/1.1\r\nHost: lab\r\nConnection: close\r\nContent-Length: 900\r\n\r\n"))
      .contains("HTTP/1.1 503 ", "busy");

    assertThat(budget.taken()).isEqualTo(200);
  }

  private void answer(HttpServerRequest request) {
    request.pause();
    Future<Void> used = bodies.with(request, body -> request.response().end());
    held.add(budget.taken());
    used.recover(failure -> Answers.hangUp(request, (Refusal) failure));
  }
}
