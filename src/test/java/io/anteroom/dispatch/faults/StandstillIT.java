package io.anteroom.dispatch.faults;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.dispatch.DispatchFixture;
import io.anteroom.support.Workflows;
import io.anteroom.support.server.SmallInstance;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An instance that lets go of nothing: it keeps a task in its queue, or does not say what became of it. */
class StandstillIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private DispatchFixture fixture;
  private SmallInstance comfy;
  private volatile String task = "";
  private volatile boolean tells = true;

  @BeforeEach
  void start() {
    fixture = DispatchFixture.start().limit(1).with("ANTEROOM_INSTANCE_GIVE_UP", "5s");
    comfy = new SmallInstance(fixture.vertx());
    comfy.answers("/prompt", this::take);
    comfy.answers("/queue", this::queue);
    fixture.instanceAt(comfy);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void whatItNeitherBeginsNorGivesBackIsLostAndItGetsNoOther() {
    TaskId kept = fixture.submit("alice", "comfy-1", Workflows.lasting(1));
    TaskId next = fixture.submit("alice", "comfy-1", Workflows.lasting(1));

    until(() -> fixture.status(kept).state() == TaskState.LOST);

    assertThat(fixture.status(kept).error().orElseThrow().message()).contains("neither started nor removed it");
    until(() -> done(fixture.queue().stats()).processing() == 0);
    until(() -> fixture.status(next).outage().orElseThrow().kind() == InstanceOutage.Kind.STALLED);
    assertThat(comfy.asked()).anyMatch(asked -> asked.uri().equals("/queue") && asked.method() == HttpMethod.POST);
  }

  @Test
  void whatItSaysNothingOfIsLostInTheEndAlthoughItAnswersOtherwise() {
    tells = false;
    TaskId unheard = fixture.submit("alice", "comfy-1", Workflows.lasting(1));

    until(() -> fixture.status(unheard).state() == TaskState.LOST);

    assertThat(fixture.status(unheard).error().orElseThrow().message()).contains("instance.give_up");
    until(() -> done(fixture.queue().stats()).processing() == 0);
  }

  private void take(HttpServerRequest request) {
    if (request.method() == HttpMethod.GET) {
      json(request, new JsonObject().put("exec_info", new JsonObject().put("queue_remaining", task.isEmpty() ? 0 : 1)));
      return;
    }
    request.body().onSuccess(body -> {
      task = body.toJsonObject().getString("prompt_id");
      json(request, new JsonObject().put("prompt_id", task).put("number", 1).put("node_errors", new JsonObject()));
    });
  }

  private void queue(HttpServerRequest request) {
    if (!tells) {
      request.response().setStatusCode(500).end();
      return;
    }
    JsonArray pending = task.isEmpty() ? new JsonArray() : new JsonArray().add(new JsonArray().add(1).add(task));
    json(request, new JsonObject().put("queue_running", new JsonArray()).put("queue_pending", pending));
  }

  private static void json(HttpServerRequest request, JsonObject body) {
    request.response().putHeader("Content-Type", "application/json").end(body.toBuffer());
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(50)).ignoreExceptions().until(condition);
  }
}
