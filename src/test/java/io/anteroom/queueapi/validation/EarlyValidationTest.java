package io.anteroom.queueapi.validation;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.objectinfo.ObjectInfoCache;
import io.anteroom.comfy.objectinfo.ObjectInfoClient;
import io.anteroom.directory.Instance;
import io.anteroom.queueapi.QueueApiVerticle.Timeouts;
import io.anteroom.support.TestSettings;
import io.anteroom.support.browser.FrontDoor;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.server.SmallInstance;
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
class EarlyValidationTest {
  private static final String ID = "9a2f6c1e-0000-4000-8000-000000000001";
  private static final String JSON = "application/json; charset=utf-8";

  private static final Timeouts HASTY =
    new Timeouts(Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofMillis(100), Duration.ofSeconds(9));
  private static final String LOADER = "/object_info/CheckpointLoaderSimple";

  private final Vertx vertx = Vertx.vertx();
  private final SmallInstance comfy = new SmallInstance(vertx);
  private FrontDoor door;
  /** The models that the instance has at the moment. */
  private final AtomicReference<List<String>> models = new AtomicReference<>(List.of("old.ckpt"));

  /** Further classes that it has. */
  private final JsonObject more = new JsonObject();

  @BeforeEach
  void answer() {
    comfy.answers("/object_info", request -> json(request, objectInfo().encode()));
    comfy.answers(LOADER, request -> json(request, only("CheckpointLoaderSimple")));
    comfy.answers("/object_info/Output", request -> json(request, only("Output")));
    comfy.answers("/object_info/Gone", request -> json(request, "{}"));
    comfy.answers("/system_stats", request -> json(request, "{\"system\":{\"comfyui_version\":\"0.28.0\"}}"));
    comfy.answers("/node_replacements", request -> json(request, "{}"));
    door = takenDoor(vertx, TestSettings.PATIENCE);
  }

  /** One whose only place is taken, and who knows what nodes the instance has. */
  private FrontDoor takenDoor(Vertx node, Timeouts patience) {
    FrontDoor taken = new FrontDoor(node, comfy.url(), patience);
    taken.awaitLearned();
    assertThat(taken.run("bob", loading("old.ckpt")).status()).isEqualTo(200);
    assertThat(done(taken.queue().claim("node"))).isPresent();
    return taken;
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

  /** The whole list holds up the instance for as long as a run takes: it was asked for once, when the node started. */
  @Test
  void noSubmitAsksTheInstanceForAllItsNodes() {
    door.run("alice", loading("old.ckpt"));
    assertThat(comfy.asked()).noneMatch(one -> one.uri().startsWith("/object_info/"));

    assertThat(door.run("alice", loading("gone.ckpt")).status()).isEqualTo(400);
    assertThat(asked("/object_info")).isEqualTo(1);
    assertThat(asked(LOADER)).isEqualTo(1);
  }

  /** Each class costs the instance a millisecond: an objection that rests on many is left to the instance. */
  @Test
  void anObjectionThatRestsOnManyClassesIsNotConfirmed() {
    JsonObject workflow = new JsonObject();
    for (String name : List.of("A", "B", "C", "D", "E", "F", "G")) {
      JsonObject declared = declared(JsonObject.of("model", JsonArray.of("MODEL"))).put("output_node", true);
      more.put(name, declared);
      comfy.answers("/object_info/" + name, request -> json(request, JsonObject.of(name, declared).encode()));
      workflow.put(name, node(name, new JsonObject()));
    }
    learnAgain();

    assertThat(door.run("alice", JsonObject.of("A", workflow.getValue("A"))).status()).isEqualTo(400);
    assertTaken(door.run("alice", workflow));
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
  @ValueSource(strings = {
    "500", "cut", "{\"Load\":", "[]", "{\"CheckpointLoaderSimple\":[]}", "{} more", "<html>", "null"})
  void whatAnInstanceCannotConfirmIsNotRefused(String strange) {
    comfy.answers(LOADER, request -> {
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
    Vertx node = Vertx.vertx();
    try (FrontDoor hasty = takenDoor(node, HASTY)) {
      comfy.answers(LOADER,
        request -> request.response().putHeader("Content-Type", JSON).setChunked(true).write("{\"a\":"));

      assertTaken(hasty.run("alice", loading("gone.ckpt")));
      assertTaken(hasty.run("alice", loading("old.ckpt")));
    }
    done(node.close());
  }

  @Test
  void anAnswerWithoutEndIsNotReadToItsEnd() {
    comfy.answers(LOADER, request -> pour(request.response().putHeader("Content-Type", JSON).setChunked(true)));

    assertThat(door.run("alice", loading("gone.ckpt")).status()).isEqualTo(200);
  }

  /** What no list of node classes shows, a guard finds out without anything being started. */
  @Test
  void aGuardIsAskedWhatItsInstanceWouldSay() {
    comfy.answers("/anteroom/guard", request -> json(request, "{\"version\":2}"));
    String words = "{\"error\":{\"type\":\"custom\",\"message\":\"no\",\"details\":\"\"},\"node_errors\":{}}";
    comfy.answers("/anteroom/guard/dry_run", request -> request.response().setStatusCode(400).end(words));
    learnAgain();

    Answer answer = door.send("alice", JsonObject.of("prompt", loading("old.ckpt"), "prompt_id", ID));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo(words);
    assertThat(done(door.queue().status(new TaskId(ID)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 403, 404, 409, 500, 503})
  void aRunIsTakenUnlessTheGuardSaysThatItIsRefused(int status) {
    comfy.answers("/anteroom/guard", request -> json(request, "{\"version\":2}"));
    comfy.answers("/anteroom/guard/dry_run", request -> request.response().setStatusCode(status).end("{}"));
    learnAgain();

    assertTaken(door.run("alice", loading("old.ckpt")));
    assertThat(door.run("alice", loading("gone.ckpt")).status()).as("judged as without a guard").isEqualTo(400);
  }

  /** A guard of before knows no such question. */
  @Test
  void anOlderGuardIsNotAsked() {
    comfy.answers("/anteroom/guard", request -> json(request, "{\"version\":1}"));
    learnAgain();

    assertTaken(door.run("alice", loading("old.ckpt")));
    assertThat(asked("/anteroom/guard/dry_run")).isZero();
  }

  private void learnAgain() {
    ObjectInfoCache infos = new ObjectInfoCache(vertx,
      new ObjectInfoClient(vertx, HASTY.connect(), HASTY.trust(), HASTY.instance()));
    done(infos.learn(new Instance("gpu", comfy.url(), "gpu", 1)));
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

  private String only(String name) {
    return JsonObject.of(name, objectInfo().getJsonObject(name)).encode();
  }

  private JsonObject objectInfo() {
    return more.copy()
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
