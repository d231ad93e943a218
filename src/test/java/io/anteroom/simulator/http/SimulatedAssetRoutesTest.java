package io.anteroom.simulator.http;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.simulator.Simulator;
import io.anteroom.simulator.SimulatorClient;
import io.anteroom.simulator.SimulatorClient.Answer;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.cluster.SimulatedInstances;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The assets of ComfyUI 0.28.1: what every user of an instance sees and can take from the others. */
class SimulatedAssetRoutesTest {

  private static final String NOBODY = "/api/assets/00000000-0000-4000-8000-000000000001";

  private final Vertx vertx = Vertx.vertx();
  private final String promptId = UUID.randomUUID().toString();
  private SimulatorClient client;
  private SimulatedInstances lab;

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @ParameterizedTest
  @CsvSource({
    "0.28.0, false, 503, SERVICE_DISABLED",
    "0.28.0, true,  200,",
    "0.8.0,  true,  404,",
    "0.3.64, true,  404,"})
  void routesExistInNewVersionsAndAnswerWhenEnabled(ComfyVersionName version, boolean enabled, int status,
      String code) {
    start(version.version(), enabled);

    for (String path : List.of("/api/assets", "/api/tags")) {
      Answer answer = client.get(path);
      assertThat(answer.status()).as(path).isEqualTo(status);
      assertThat(answer.body().toString()).contains(code == null ? "" : code);
    }
    assertThat(client.get("/api/api/assets").status()).isEqualTo(404);
    assertThat(client.get("/features").json().getValue("assets")).isEqualTo(
      version.version() == ComfyVersion.V0_28_0 ? enabled : null);
  }

  /** A version by its number, as a table has it. */
  record ComfyVersionName(ComfyVersion version) {

    ComfyVersionName(String number) {
      this(ComfyVersion.of(number));
    }
  }

  @Test
  void listHasWhatEveryoneMade() {
    start(ComfyVersion.V0_28_0, true);
    upload("a.png", "input,portrait");
    String picture = run();

    JsonArray all = client.get("/api/assets").json().getJsonArray("assets");

    assertThat(all.stream().map(asset -> ((JsonObject) asset).getString("name")))
      .containsExactly("x_00001_.png", "a.png");
    assertThat(all.getJsonObject(0).getString("id")).isEqualTo(picture);
    assertThat(all.getJsonObject(0).getString("preview_url"))
      .isEqualTo("/api/view?type=output&filename=x_00001_.png");
    assertThat(all.getJsonObject(0).getString("prompt_id")).isEqualTo(promptId);
    assertThat(all.getJsonObject(0).containsKey("hash")).isFalse();
    assertThat(all.getJsonObject(1).containsKey("prompt_id")).isFalse();
    assertThat(client.get("/api/assets?include_tags=portrait").json().getInteger("total")).isEqualTo(1);
    assertThat(client.get("/api/assets?limit=1").json().getBoolean("has_more")).isTrue();
    assertThat(client.get("/api/assets?limit=0").status()).isEqualTo(400);
  }

  @Test
  void deleteTakesTheEntryFromEveryoneAndLeavesTheFile() {
    start(ComfyVersion.V0_28_0, true);
    String id = run();

    assertThat(client.get("/api/assets/" + id).status()).isEqualTo(200);
    assertThat(send(HttpMethod.DELETE, "/api/assets/" + id, "").status()).isEqualTo(204);

    assertThat(send(HttpMethod.DELETE, "/api/assets/" + id, "").status()).isEqualTo(404);
    assertThat(client.get("/api/assets").json().getInteger("total")).isZero();
    assertThat(client.get("/view?filename=x_00001_.png").status()).isEqualTo(200);
  }

  @Test
  void tagsAndNamesAreAnyonesToChange() {
    start(ComfyVersion.V0_28_0, true);
    String id = upload("a.png", "input").getString("id");

    send(HttpMethod.POST, "/api/assets/" + id + "/tags", "{\"tags\":[\"mine\"]}");
    send(HttpMethod.PUT, "/api/assets/" + id, "{\"name\":\"b.png\"}");

    JsonObject asset = client.get("/api/assets/" + id).json();
    assertThat(asset.getString("name")).isEqualTo("b.png");
    assertThat(asset.getJsonArray("tags")).containsExactly("input", "mine", "uploaded");
    assertThat(client.get("/api/tags?include_zero=false").json().getInteger("total")).isEqualTo(3);
    assertThat(send(HttpMethod.DELETE, "/api/assets/" + id + "/tags", "{\"tags\":[\"mine\"]}").json()
      .getJsonArray("removed")).containsExactly("mine");
  }

  @Test
  void sameBytesAreOneContentWithTwoEntries() {
    start(ComfyVersion.V0_28_0, true);

    JsonObject first = upload("a.png", "input");
    JsonObject second = upload("a.png", "input");

    assertThat(first.getBoolean("created_new")).isTrue();
    assertThat(second.getBoolean("created_new")).isFalse();
    assertThat(second.getString("hash")).isEqualTo(first.getString("hash"));
    assertThat(send(HttpMethod.HEAD, "/api/assets/hash/" + first.getString("hash"), "").status()).isEqualTo(200);
  }

  @Test
  void unknownAssetIsNotFound() {
    start(ComfyVersion.V0_28_0, true);

    assertThat(client.get(NOBODY).json().getJsonObject("error").getString("code")).isEqualTo("ASSET_NOT_FOUND");
    assertThat(client.get("/api/assets/nosuch").status()).isEqualTo(404);
    assertThat(send(HttpMethod.DELETE, NOBODY, "").status()).isEqualTo(404);
  }

  private void start(ComfyVersion version, boolean assets) {
    Simulator.Options options = Simulator.Options.of(1).withVersion(version);
    lab = new SimulatedInstances(vertx, assets ? options.withAssets() : options);
    client = new SimulatorClient(vertx, lab.instance(0));
  }

  /** The asset of the picture that it made. */
  private String run() {
    client.post("/prompt", new JsonObject("""
      {"prompt_id": "%s", "prompt": {
        "1": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 0}},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x"}}}}"""
      .formatted(promptId)));
    until(() -> client.get("/history/" + promptId).json().containsKey(promptId));
    return client.get("/history/" + promptId).json().getJsonObject(promptId).getJsonObject("outputs").getJsonObject("2")
      .getJsonArray("images").getJsonObject(0).getString("id");
  }

  private JsonObject upload(String name, String tags) {
    String form = """
      --cut
      Content-Disposition: form-data; name="file"; filename="%s"
      Content-Type: image/png

      bytes
      --cut
      Content-Disposition: form-data; name="tags"

      %s
      --cut--
      """.formatted(name, tags).replace("\n", "\r\n");
    return done(client.send(HttpMethod.POST, "/api/assets", Buffer.buffer(form),
      Map.of("Content-Type", "multipart/form-data; boundary=cut"))).json();
  }

  private Answer send(HttpMethod method, String path, String body) {
    return done(client.send(method, path, Buffer.buffer(body), Map.of()));
  }
}
