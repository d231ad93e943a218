package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.support.Workflows;
import io.anteroom.support.server.SmallInstance;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An instance, played by the test, that answers one workflow with 500 each time and runs all others. */
class RefusedWorkflowIT {
  private final DispatchFixture fixture = DispatchFixture.start().limit(1);
  private final SmallInstance comfy = new SmallInstance(fixture.vertx());

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void itFailsIsToldOnceAndItsPlaceIsFree() {
    comfy.answers("/prompt", this::prompt);
    comfy.answers("/queue", request -> json(request,
      new JsonObject().put("queue_running", new JsonArray()).put("queue_pending", new JsonArray())));
    fixture.instanceAt(comfy);
    List<TaskState> ends = new CopyOnWriteArrayList<>();

    TaskId refused = fixture.submit("alice", "comfy-1", Workflows.unknown());
    new Bus(fixture.vertx()).subscribe(Events.TASK, event -> {
      if (event.happened() == Happened.FINISHED && event.id().equals(refused)) {
        ends.add(event.state());
      }
    });
    List<TaskId> others = IntStream.range(0, 6)
      .mapToObj(number -> fixture.submit("bob", "comfy-1", Workflows.lasting(1))).toList();

    until(() -> fixture.status(refused).state().isFinal());
    TaskStatus status = fixture.status(refused);
    assertThat(status.state()).isEqualTo(TaskState.FAILED);
    assertThat(status.error().orElseThrow().type()).isEqualTo("refused_by_instance");
    assertThat(status.attempts()).as("runs").isZero();
    until(() -> others.stream().allMatch(task -> fixture.status(task).state() == TaskState.COMPLETED));
    until(() -> fixture.watched() == 0 && !ends.isEmpty());
    assertThat(ends).containsExactly(TaskState.FAILED);
    assertThat(fixture.metrics()).containsEntry("dispatch_failed", 1L).containsEntry("dispatch_completed", 6L);
  }

  private void prompt(HttpServerRequest request) {
    if (request.method() == HttpMethod.GET) {
      json(request, new JsonObject().put("exec_info", new JsonObject().put("queue_remaining", 0)));
      return;
    }
    request.body().onSuccess(body -> {
      String task = body.toJsonObject().getString("prompt_id");
      boolean refused = body.toString().contains("NoSuchNode");
      comfy.answers("/history/" + task, asked -> json(asked, refused ? new JsonObject() : ended(task)));
      if (refused) {
        request.response().setStatusCode(500).end();
      } else {
        json(request, new JsonObject().put("prompt_id", task).put("number", 1).put("node_errors", new JsonObject()));
      }
    });
  }

  private static JsonObject ended(String task) {
    return new JsonObject().put(task, new JsonObject()
      .put("prompt", new JsonArray().add(1).add(task))
      .put("outputs", new JsonObject())
      .put("status", new JsonObject().put("status_str", "success").put("completed", true)
        .put("messages", new JsonArray())));
  }

  private static void json(HttpServerRequest request, JsonObject body) {
    request.response().putHeader("Content-Type", "application/json").end(body.toBuffer());
  }
}
