package io.anteroom.dispatch.faults;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.dispatch.DispatchFixture;
import io.anteroom.support.Workflows;
import io.anteroom.support.server.SmallInstance;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trap 11: what looks like the end of a run and is none; a place is free when the history has the run, not before. */
class EndSignalsIT {
  private DispatchFixture fixture;
  private SmallInstance comfy;
  /** How often its queue was polled. */
  private final AtomicInteger polls = new AtomicInteger();
  /** What the played instance says of itself. */
  private volatile boolean runs = true;
  private volatile String running = "";

  @BeforeEach
  void start() {
    fixture = DispatchFixture.start().limit(1);
    comfy = new SmallInstance(fixture.vertx());
    comfy.answers("/prompt", this::take);
    comfy.answers("/queue", this::queue);
    fixture.instanceAt(comfy);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "{\"type\":\"execution_error\",\"data\":{\"prompt_id\":\"ID\",\"exception_type\":\"ExecutionBlocked\"}}",
    "{\"type\":\"execution_success\",\"data\":{\"prompt_id\":\"ID\"}}",
    "{\"type\":\"execution_interrupted\",\"data\":{\"prompt_id\":\"ID\"}}",
    "{\"type\":\"executing\",\"data\":{\"node\":null}}",
    "{\"type\":\"status\",\"data\":{\"status\":{\"exec_info\":{\"queue_remaining\":0}}}}",
  })
  void noMessageEndsARunThatItsInstanceStillHas(String message) {
    TaskId task = startedTask();

    comfy.sockets().forEach(socket -> socket.writeTextMessage(message.replace("ID", task.value())));
    awaitLooks(3);

    assertThat(fixture.status(task).state()).isEqualTo(TaskState.PROCESSING);
    endsInHistory(task);
  }

  @Test
  void theLossOfTheSocketEndsNothing() {
    TaskId task = startedTask();

    List.copyOf(comfy.sockets()).forEach(socket -> socket.close());
    awaitLooks(3);

    assertThat(fixture.status(task).state()).isEqualTo(TaskState.PROCESSING);
    endsInHistory(task);
  }

  /** Between the run and its entry there may be a moment in which it is nowhere: it must be seen so twice. */
  @Test
  void aRunThatIsNowhereForAMomentIsNotSentAgain() {
    TaskId task = startedTask();
    AtomicInteger asked = new AtomicInteger();
    comfy.answers("/history/" + task, request -> json(request, asked.incrementAndGet() == 1
      ? new JsonObject() : ended(task)));

    runs = false;

    until(() -> fixture.status(task).state() == TaskState.COMPLETED);
    assertThat(asked.get()).isGreaterThan(1);
    assertThat(posts()).isEqualTo(1);
  }

  private TaskId startedTask() {
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(1));
    until(() -> fixture.status(task).times().started().isPresent() && !comfy.sockets().isEmpty());
    return task;
  }

  private void awaitLooks(int more) {
    int before = polls.get();
    until(() -> polls.get() >= before + more);
  }

  private void endsInHistory(TaskId task) {
    comfy.answers("/history/" + task, request -> json(request, ended(task)));
    runs = false;
    until(() -> fixture.status(task).state() == TaskState.COMPLETED);
    assertThat(posts()).isEqualTo(1);
  }

  private long posts() {
    return comfy.asked().stream().filter(asked -> asked.uri().equals("/prompt") && asked.method().name().equals("POST"))
      .count();
  }

  private void take(HttpServerRequest request) {
    if (request.method().name().equals("GET")) {
      json(request, new JsonObject().put("exec_info", new JsonObject().put("queue_remaining", runs ? 1 : 0)));
      return;
    }
    request.body().onSuccess(body -> {
      running = body.toJsonObject().getString("prompt_id");
      json(request, new JsonObject().put("prompt_id", running).put("number", 1).put("node_errors", new JsonObject()));
    });
  }

  private void queue(HttpServerRequest request) {
    polls.incrementAndGet();
    JsonArray now = runs ? new JsonArray().add(new JsonArray().add(1).add(running)) : new JsonArray();
    json(request, new JsonObject().put("queue_running", now).put("queue_pending", new JsonArray()));
  }

  private static JsonObject ended(TaskId task) {
    return new JsonObject().put(task.value(), new JsonObject()
      .put("prompt", new JsonArray().add(1).add(task.value()))
      .put("outputs", new JsonObject())
      .put("status", new JsonObject().put("status_str", "success").put("completed", true)
        .put("messages", new JsonArray())));
  }

  private static void json(HttpServerRequest request, JsonObject body) {
    request.response().putHeader("Content-Type", "application/json").end(body.toBuffer());
  }
}
