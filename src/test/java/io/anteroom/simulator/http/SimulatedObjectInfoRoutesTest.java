package io.anteroom.simulator.http;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.simulator.Simulator;
import io.anteroom.simulator.SimulatorClient;
import io.anteroom.simulator.SimulatorClient.Answer;
import io.anteroom.simulator.SimulatorClient.Socket;
import io.anteroom.simulator.comfyui.NodePacks;
import io.anteroom.simulator.http.SimulatedObjectInfoRoutes.ObjectInfoRequests;
import io.anteroom.support.cluster.SimulatedInstances;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An /object_info as large and as costly as that of a real installation. */
class SimulatedObjectInfoRoutesTest {

  private static final int BYTES = 1_600_000;
  private static final Duration LISTING_TIME = Duration.ofSeconds(2);

  /** One thread: an instance that blocked it would hold up the others. */
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private SimulatedInstances lab;
  private SimulatorClient client;

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void listingHasTheSizeOrderedAndEveryClassInItIsInstalled() {
    start(1, Duration.ZERO);

    Answer whole = client.get("/object_info");

    assertThat(whole.body().length()).isBetween(BYTES, BYTES + BYTES / 10);
    String last = List.copyOf(whole.json().fieldNames()).get(whole.json().size() - 1);
    assertThat(client.get("/object_info/" + last).json().getJsonObject(last))
      .isEqualTo(whole.json().getJsonObject(last));
    assertThat(client.post("/prompt", JsonObject.of("prompt", new JsonObject("""
      {"1": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 0}},
       "2": {"class_type": "%s", "inputs":
         {"image": ["1", 0], "model_name": "collection/model-001-fp16.safetensors", "strength": 1}},
       "3": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]}}}""".formatted(last)))).status())
      .isEqualTo(200);
  }

  @Test
  void listingHoldsUpItsOwnInstanceAndNoOther() {
    start(2, LISTING_TIME);
    SimulatorClient other = new SimulatorClient(vertx, lab.instance(1));

    long begin = System.nanoTime();
    Future<Answer> listing = send(client, "/object_info");
    until(() -> requests().whole() == 1);
    Future<Answer> held = send(client, "/object_info/KSampler");
    done(send(other, "/object_info/KSampler"));

    assertThat(held.isComplete()).isFalse();
    done(held);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(LISTING_TIME);
    assertThat(done(listing).status()).isEqualTo(200);
  }

  @Test
  void listingHoldsUpTheMessagesOfARun() {
    start(1, LISTING_TIME);
    Socket socket = client.socket("client");
    String id = UUID.randomUUID().toString();
    client.post("/prompt", SimulatorClient.endless(id));
    lab.awaitStarted(id);

    long begin = System.nanoTime();
    Future<Answer> listing = send(client, "/object_info");
    until(() -> requests().whole() == 1);
    lab.finish(id);

    until(() -> socket.types().contains("execution_success"));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(LISTING_TIME);
    assertThat(done(listing).status()).isEqualTo(200);
  }

  @Test
  void requestsAreCountedApart() {
    start(1, Duration.ZERO);

    client.get("/object_info");
    client.get("/api/object_info");
    client.get("/object_info/KSampler");
    client.get("/object_info/Gone");
    client.get("/api/object_info/SaveImage");

    assertThat(requests()).isEqualTo(new ObjectInfoRequests(2, 3));
    assertThat(client.get("/sim/objectInfo").json()).isEqualTo(JsonObject.of("whole", 2, "single", 3));
  }

  @Test
  void imageLoadersOfferTheFilesThatWereUploaded() {
    start(1, Duration.ZERO);
    upload("b.png");
    upload("a.png");

    JsonObject listing = client.get("/object_info").json();

    for (String loader : List.of("LoadImage", "LoadImageMask")) {
      assertThat(listing.getJsonObject(loader).getJsonObject("input").getJsonObject("required").getJsonArray("image")
        .getJsonArray(0)).containsExactly("a.png", "b.png");
    }
  }

  private void start(int instances, Duration listingTime) {
    lab = new SimulatedInstances(vertx,
      Simulator.Options.of(instances).withNodePacks(new NodePacks(BYTES, listingTime)));
    client = new SimulatorClient(vertx, lab.instance(0));
  }

  private ObjectInfoRequests requests() {
    return done(lab.instance(0).objectInfoRequests());
  }

  private static Future<Answer> send(SimulatorClient client, String path) {
    return client.send(HttpMethod.GET, path, Buffer.buffer(), Map.of());
  }

  private void upload(String name) {
    done(client.send(HttpMethod.POST, "/upload/image", Buffer.buffer("--cut\r\n"
      + "Content-Disposition: form-data; name=\"image\"; filename=\"" + name + "\"\r\n"
      + "Content-Type: image/png\r\n\r\n" + name + "\r\n--cut--\r\n"),
      Map.of("Content-Type", "multipart/form-data; boundary=cut")));
  }
}
