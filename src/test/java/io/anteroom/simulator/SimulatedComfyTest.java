package io.anteroom.simulator;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static io.anteroom.support.Awaited.untilAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.simulator.SimulatorClient.Socket;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.validation.SimulatedInputValidator;
import io.anteroom.support.cluster.SimulatedInstances;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What real ComfyUIs were measured to do beyond the recordings: poisonous bodies, odd paths, deaf sockets. */
class SimulatedComfyTest {

  private final Vertx vertx = Vertx.vertx();
  private final String id = UUID.randomUUID().toString();
  private SimulatedInstances lab;
  private SimulatorClient client;

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void socketGoesDeafWhenAnOlderOneOfItsClientCloses() {
    start(ComfyVersion.V0_28_0);
    Socket older = client.socket("client");
    Socket newer = client.socket("client");
    older.close();
    Socket witness = client.socket("witness");

    client.post("/prompt", SimulatorClient.endless(id));

    until(() -> witness.types().contains("progress_state") || witness.types().size() >= 3);
    assertThat(newer.types()).containsExactly("status");
    assertThat(newer.isClosed()).isFalse();
  }

  @Test
  void listAsClientIdTakesTheWholeServerDown() {
    start(ComfyVersion.V0_28_0);
    Socket bystander = client.socket("bystander");

    client.post("/prompt", SimulatorClient.endless(id).put("client_id", JsonArray.of("client")));

    until(bystander::isClosed);
    assertThat(client.send(HttpMethod.GET, "/queue", Buffer.buffer(), Map.of()).toCompletionStage())
      .failsWithin(Duration.ofSeconds(60));
  }

  @Test
  void missingExtraDataFreezesTheWorkerOfTheOldestVersion() {
    start(ComfyVersion.V0_3_64);
    JsonObject poison = SimulatorClient.endless(id).putNull("extra_data");
    poison.remove("client_id");

    assertThat(client.post("/prompt", poison).status()).isEqualTo(200);
    assertThat(client.post("/prompt", SimulatorClient.endless("next")).status()).isEqualTo(200);

    untilAsserted(() -> {
      JsonObject queue = client.get("/queue").json();
      assertThat(queue.getJsonArray("queue_running").getJsonArray(0).getString(1)).isEqualTo(id);
      assertThat(queue.getJsonArray("queue_pending").getJsonArray(0).getString(1)).isEqualTo("next");
    });
    assertThat(lab.ledger().runs()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(value = ComfyVersion.class, names = "V0_3_64", mode = EnumSource.Mode.EXCLUDE)
  void missingExtraDataIsAnErrorInNewerVersions(ComfyVersion version) {
    start(version);

    assertThat(client.post("/prompt", SimulatorClient.endless(id).putNull("extra_data")).status()).isEqualTo(500);
  }

  @ParameterizedTest
  @EnumSource(value = ComfyVersion.class, names = "V0_3_64", mode = EnumSource.Mode.EXCLUDE)
  void missingWorkflowSpoilsTheJobListUntilHistoryIsCleared(ComfyVersion version) {
    start(version);
    client.post("/prompt", SimulatorClient.endless(id)
      .put("extra_data", JsonObject.of("extra_pnginfo", new JsonObject().putNull("workflow"))));
    lab.finish(id);
    until(() -> client.get("/history/" + id).json().containsKey(id));

    assertThat(client.get("/api/jobs").status()).isEqualTo(500);
    client.post("/history", JsonObject.of("clear", true));
    assertThat(client.get("/api/jobs").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(ComfyVersion.class)
  void credentialsAreShownByOldVersionsOnly(ComfyVersion version) {
    start(version);
    client.post("/prompt", SimulatorClient.endless(id).put("extra_data",
      JsonObject.of("auth_token_comfy_org", "secret", "api_key_comfy_org", "secret", "preview_method", "auto")));
    lab.awaitStarted(id);

    String queue = client.get("/queue").body().toString();
    lab.finish(id);
    until(() -> client.get("/history/" + id).json().containsKey(id));
    String history = client.get("/history").body().toString();

    boolean isOld = version == ComfyVersion.V0_3_64;
    assertThat(queue.contains("secret")).isEqualTo(isOld);
    assertThat(history.contains("secret")).isEqualTo(isOld);
    assertThat(history).contains("preview_method");
  }

  @Test
  void cycleIsTheErrorOfItsNodes() {
    start(ComfyVersion.V0_28_0);

    JsonObject errors = errorsOfCycle();

    assertThat(errors.fieldNames()).containsExactly("1", "2");
    assertThat(errors.getJsonObject("2").getJsonArray("errors"))
      .containsExactly(SimulatedInputValidator.error("dependency_cycle",
      "Dependency cycle detected", "1 (ImageScaleBy) -> 2 (ImageScaleBy) -> 1 (ImageScaleBy)",
      JsonObject.of("node_id", "2", "cycle_nodes", JsonArray.of("1", "2"))));
  }

  @Test
  void cycleIsNamedByNoOlderVersion() {
    start(ComfyVersion.V0_8_0);

    assertThat(errorsOfCycle()).isEmpty();
  }

  private JsonObject errorsOfCycle() {
    return client.post("/prompt", new JsonObject("""
      {"prompt": {
        "1": {"class_type": "ImageScaleBy", "inputs":
          {"image": ["2", 0], "upscale_method": "area", "scale_by": 1.0}},
        "2": {"class_type": "ImageScaleBy", "inputs":
          {"image": ["1", 0], "upscale_method": "area", "scale_by": 1.0}},
        "3": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x"}}}}"""))
      .json().getJsonObject("node_errors");
  }

  @Test
  void sameIdAndNumberIsAnErrorAndYetQueued() {
    start(ComfyVersion.V0_28_0);
    client.post("/prompt", SimulatorClient.endless("00000000-0000-4000-8000-000000000001"));
    client.post("/prompt", SimulatorClient.endless(id).put("number", 5));

    assertThat(client.post("/prompt", SimulatorClient.prompt(id, "SimSleep", JsonObject.of("seconds", 1))
      .put("number", 5))
      .status()).isEqualTo(500);

    untilAsserted(() -> assertThat(client.get("/queue").json().getJsonArray("queue_pending")).hasSize(2));
  }

  @Test
  void nullAsIdBecomesTextInOldVersionsAndIsReplacedInNewOnes() {
    start(ComfyVersion.V0_8_0);
    assertThat(client.post("/prompt", SimulatorClient.endless(null)).json().getString("prompt_id")).isEqualTo("None");

    start(ComfyVersion.V0_28_0);
    assertThat(client.post("/prompt", SimulatorClient.endless(null)).json().getString("prompt_id")).hasSize(36);
    assertThat(client.post("/prompt", SimulatorClient.endless(id.toUpperCase(Locale.ROOT))).status()).isEqualTo(400);
  }

  @Test
  void messageOverFourMebibytesEndsTheConnection() {
    start(ComfyVersion.V0_28_0);
    Socket socket = client.socket("client");

    socket.sayAtOwnRisk("x".repeat(4 * 1024 * 1024 + 1));

    until(socket::isClosed);
  }

  @Test
  void userFileIsOneSegmentWhoseSlashesAreEncoded() {
    start(ComfyVersion.V0_28_0);

    assertThat(client.post("/api/userdata/workflows%2Fa%20b.json", "{}").status()).isEqualTo(200);
    assertThat(client.post("/api/userdata/workflows/a%20b.json", "{}").status()).isEqualTo(405);
    assertThat(client.get("/api/userdata/workflows/a%20b.json").status()).isEqualTo(404);
    assertThat(client.get("/userdata/workflows%2Fa%20b.json").body()).hasToString("{}");
    assertThat(client.post("/api/userdata/workflows%2Fa%20b.json?overwrite=false", "{}").status()).isEqualTo(409);
    assertThat(client.post("/api/userdata/..%2Fsecret.json", "{}").status()).isEqualTo(403);
  }

  @Test
  void unknownPathIsNotFoundToReadAndNotAllowedToWrite() {
    start(ComfyVersion.V0_28_0);

    assertThat(client.get("/none").headers()).containsEntry("Content-Type", "application/octet-stream");
    assertThat(client.get("/none").status()).isEqualTo(404);
    assertThat(client.get("/none.png").headers()).containsEntry("Cache-Control", "public, max-age=86400");
    assertThat(client.post("/none", "").status()).isEqualTo(405);
    assertThat(client.post("/none", "").headers()).containsEntry("Allow", "GET,HEAD");
    assertThat(client.get("/jobs").status()).isEqualTo(404);
    assertThat(client.get("/api/api/jobs").status()).isEqualTo(200);
    assertThat(client.get("/api/internal/logs").status()).isEqualTo(404);
  }

  @Test
  void pageIsKnownByItsTagAndServedInParts() {
    start(ComfyVersion.V0_8_0);
    String tag = client.get("/").headers().get("Etag");

    assertThat(client.get("/", Map.of("If-None-Match", tag)).status()).isEqualTo(304);
    assertThat(client.get("/", Map.of("Range", "bytes=0-14")).body()).hasToString("<!doctype html>");
    assertThat(client.get("/index.html").headers()).doesNotContainKey("Cache-Control");
  }

  @Test
  void realFrontEndTakesThePlaceOfTheBuiltInPage(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("index.html"), "<!doctype html><title>Real</title>");
    Files.createDirectory(folder.resolve("assets"));
    Files.writeString(folder.resolve("assets/real.js"), "export {};");
    start(Simulator.Options.of(1).withFrontend(folder));

    assertThat(client.get("/").body()).hasToString("<!doctype html><title>Real</title>");
    assertThat(client.get("/").headers()).containsEntry("Cache-Control", "no-store, must-revalidate");
    assertThat(client.get("/assets/real.js").body()).hasToString("export {};");
    assertThat(client.get("/assets/none.js").status()).isEqualTo(404);
    assertThat(client.get("/queue").status()).isEqualTo(200);
  }

  private void start(ComfyVersion version) {
    start(Simulator.Options.of(1).withVersion(version));
  }

  private void start(Simulator.Options options) {
    lab = new SimulatedInstances(vertx, options);
    client = new SimulatorClient(vertx, lab.instance(0));
  }
}
