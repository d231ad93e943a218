package io.anteroom.simulator;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A socket of a replay: what the recording says it received, and what it receives now. */
final class ReplayedSocket {

  private final String name;
  private final WebSocket socket;
  private final List<JsonObject> received = new CopyOnWriteArrayList<>();
  private final List<JsonObject> recorded = new ArrayList<>();

  ReplayedSocket(WebSocketClient client, String name, int port) {
    this.name = name;
    ClientWebSocket fresh = client.webSocket().textMessageHandler(text -> received.add(new JsonObject(text)));
    this.socket = done(fresh.connect(new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port)
      .setURI(name.isEmpty() ? "/ws" : "/ws?clientId=" + name)));
    awaitLandmarks(1);
  }

  void record(JsonObject message) {
    recorded.add(message);
  }

  void send(JsonObject message) {
    done(socket.writeTextMessage(message.encode()));
  }

  boolean hasEnded(long runs) {
    return received.stream().filter(WireStream::isEndOfRun).count() >= runs;
  }

  void awaitLandmarks(long count) {
    await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(5))
      .untilAsserted(() -> assertThat(received)
        .as("received by <%s>", name)
        .filteredOn(message -> !WireStream.isTick(message)).hasSizeGreaterThanOrEqualTo((int) count));
  }

  void close() {
    done(socket.close());
  }

  void compare() {
    new WireStream(name, received).isAsRecorded(new WireStream(name, recorded));
  }
}
