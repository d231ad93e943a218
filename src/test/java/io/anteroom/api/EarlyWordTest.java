package io.anteroom.api;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.FrontDoor;
import io.anteroom.support.SmallInstance;
import io.anteroom.support.Student.Answer;
import io.anteroom.task.TaskId;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through the edge, with real HTTP: what a student is told when Run is pressed, while the only place is taken. */
class EarlyWordTest {
  private static final String ID = "9a2f6c1e-0000-4000-8000-000000000001";
  private static final String JSON = "application/json; charset=utf-8";

  private static final Patience HASTY =
    new Patience(Duration.ofSeconds(9), Duration.ofMillis(100), Duration.ofSeconds(11), Duration.ofSeconds(9));

  private final Vertx vertx = Vertx.vertx();
  private final SmallInstance comfy = new SmallInstance(vertx);
  private final FrontDoor door = new FrontDoor(vertx, comfy.url());
  /** The models that the instance has at the moment. */
  private final AtomicReference<List<String>> models = new AtomicReference<>(List.of("old.ckpt"));

  @BeforeEach
  void answer() {
    comfy.answers("/object_info", request -> json(request, objectInfo().encode()));
    comfy.answers("/object_info/Gone", request -> json(request, "{}"));
    comfy.answers("/system_stats", request -> json(request, "{\"system\":{\"comfyui_version\":\"0.28.0\"}}"));
    comfy.answers("/node_replacements", request -> json(request, "{}"));
    assertThat(door.run("bob", loading("old.ckpt")).status()).isEqualTo(200);
    assertThat(done(door.queue().claim("node"))).isPresent();
  }

  @AfterEach
  void close() {
    door.close();
    done(vertx.close());
  }

  /** Trap 5. */
  @Test
  void aMistakeIsToldAtOnceAndNothingIsStored() {
    Answer answer = door.send("alice", JsonObject.of("prompt", loading("gone.ckpt"), "prompt_id", ID));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().getJsonObject("node_errors").getJsonObject("1").getJsonArray("errors").getJsonObject(0)
      .getString("details")).isEqualTo("ckpt_name: 'gone.ckpt' not in ['old.ckpt']");
    assertThat(done(door.queue().status(new TaskId(ID)))).isEmpty();
  }

  /** Trap 20: what the instance had a moment ago is no proof against a student. */
  @Test
  void aFileThatCameAfterTheLastLookIsFound() {
    models.set(List.of("old.ckpt", "new.ckpt"));

    assertTaken(door.run("alice", loading("new.ckpt")));
  }

  @Test
  void goodWorkflowsInARowCostTheInstanceOneAnswer() {
    door.run("alice", loading("old.ckpt"));
    door.run("alice", loading("old.ckpt"));

    assertThat(asked("/object_info")).isEqualTo(1);
  }

  @Test
  void aWorkflowThatIsPartlyGoodIsTakenAndTheRestIsNamed() {
    JsonObject workflow = loading("old.ckpt").put("3", node("Output", new JsonObject()));

    Answer answer = door.run("alice", workflow);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getJsonObject("node_errors").fieldNames()).containsExactly("3");
    assertThat(answer.json().getString("status")).isEqualTo("queued");
    assertThat(done(door.queue().status(new TaskId(answer.taskId())))).isPresent();
  }

  @Test
  void whoAsksAgainForAStoredTaskIsToldWhereItStands() {
    JsonObject body = JsonObject.of("prompt", loading("old.ckpt"), "prompt_id", ID);
    assertThat(door.send("alice", body).status()).isEqualTo(200);
    models.set(List.of("other.ckpt"));

    assertThat(door.send("alice", JsonObject.of("prompt", loading("gone.ckpt"), "prompt_id", ID)).taskId())
      .isEqualTo(ID);
    assertThat(door.run("alice", loading("gone.ckpt")).status()).isEqualTo(400);
  }

  @Test
  void aClassThatIsNotListedIsMissingOnlyWhenItIsNotThereByNameEither() {
    JsonObject workflow = loading("old.ckpt").put("3", node("Gone", new JsonObject()));
    assertThat(door.run("alice", workflow).json().getJsonObject("error").getString("type"))
      .isEqualTo("missing_node_type");

    comfy.answers("/object_info/Gone", request -> request.response().setStatusCode(500).end());
    assertThat(door.run("alice", workflow).status()).isEqualTo(200);
  }

  @Test
  void aClassThatTheInstanceReplacesIsNotMissing() {
    comfy.answers("/node_replacements", request -> json(request, "{\"Gone\":[{\"new_node_id\":\"Output\"}]}"));

    assertThat(door.run("alice", loading("old.ckpt").put("3", node("Gone", new JsonObject()))).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"500", "cut", "{\"Load\":", "[]", "{\"Output\":[]}", "{} more", "<html>", "null"})
  void whatAnInstanceCannotConfirmIsNotRefused(String strange) {
    comfy.answers("/object_info", request -> {
      switch (strange) {
        case "500" -> request.response().setStatusCode(500).putHeader("Content-Type", JSON).end("{}");
        case "cut" -> request.connection().close();
        default -> json(request, strange);
      }
    });

    assertTaken(door.run("alice", loading("gone.ckpt")));
    assertTaken(door.run("alice", loading("old.ckpt")));
  }

  @Test
  void anInstanceThatNeverEndsItsAnswerIsNotWaitedFor() {
    comfy.answers("/object_info",
      request -> request.response().putHeader("Content-Type", JSON).setChunked(true).write("{\"a\":"));
    Vertx node = Vertx.vertx();

    try (FrontDoor hasty = new FrontDoor(node, comfy.url(), HASTY)) {
      assertTaken(hasty.run("alice", loading("gone.ckpt")));
      assertTaken(hasty.run("alice", loading("old.ckpt")));
    }
    done(node.close());
  }

  @Test
  void anAnswerWithoutEndIsNotReadToItsEnd() {
    comfy.answers("/object_info", request -> pour(request.response().putHeader("Content-Type", JSON).setChunked(true)));

    assertThat(door.run("alice", loading("gone.ckpt")).status()).isEqualTo(200);
  }

  private static void assertTaken(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private long asked(String path) {
    return comfy.asked().stream().filter(one -> one.uri().equals(path)).count();
  }

  private static void pour(HttpServerResponse response) {
    response.write(Buffer.buffer(new byte[1 << 20])).onSuccess(more -> pour(response));
  }

  private static void json(HttpServerRequest request, String text) {
    request.response().putHeader("Content-Type", JSON).end(text);
  }

  private JsonObject objectInfo() {
    return new JsonObject()
      .put("CheckpointLoaderSimple",
        declared(JsonObject.of("ckpt_name", JsonArray.of(new JsonArray(models.get()))), "MODEL"))
      .put("Output", declared(JsonObject.of("model", JsonArray.of("MODEL"))).put("output_node", true));
  }

  private static JsonObject declared(JsonObject required, String... outputs) {
    return JsonObject.of("input", JsonObject.of("required", required), "output", new JsonArray(List.of(outputs)),
      "output_node", false, "python_module", "nodes");
  }

  private static JsonObject loading(String model) {
    return JsonObject.of("1", node("CheckpointLoaderSimple", JsonObject.of("ckpt_name", model)),
      "2", node("Output", JsonObject.of("model", JsonArray.of("1", 0))));
  }

  private static JsonObject node(String type, JsonObject inputs) {
    return JsonObject.of("class_type", type, "inputs", inputs);
  }
}
