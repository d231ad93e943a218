package io.anteroom.simulator;

import static io.anteroom.support.Awaited.done;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A client of one simulated instance, in the words of a test. */
public final class SimulatorClient {

  private static final int LARGE = 16 * 1024 * 1024;

  private final Vertx vertx;
  private final HttpClient http;
  private final WebSocketClient sockets;
  private final int port;

  public SimulatorClient(Vertx vertx, SimulatedComfy comfy) {
    this.vertx = vertx;
    this.http = vertx.createHttpClient();
    this.sockets = vertx.createWebSocketClient(
      new WebSocketClientOptions().setMaxFrameSize(LARGE).setMaxMessageSize(LARGE));
    this.port = comfy.port();
  }

  /** What came back. */
  public record Answer(int status, Map<String, String> headers, Buffer body) {

    public JsonObject json() {
      return new JsonObject(body);
    }
  }

  public static JsonObject prompt(String id, String nodeClass, JsonObject inputs) {
    return JsonObject.of("prompt_id", id, "client_id", "client", "prompt",
      JsonObject.of("1", JsonObject.of("class_type", nodeClass, "inputs", inputs)));
  }

  public static JsonObject endless(String id) {
    return prompt(id, "SimForever", new JsonObject());
  }

  public Answer get(String path) {
    return done(send(HttpMethod.GET, path, Buffer.buffer(), Map.of()));
  }

  public Answer get(String path, Map<String, String> headers) {
    return done(send(HttpMethod.GET, path, Buffer.buffer(), headers));
  }

  public Answer post(String path, Object body) {
    return done(send(HttpMethod.POST, path, Buffer.buffer(body.toString()), Map.of()));
  }

  public Future<Answer> send(HttpMethod method, String path, Buffer body, Map<String, String> headers) {
    return inLoop(vertx, () -> http.request(method, port, "127.0.0.1", path)
      .compose(request -> {
        headers.forEach(request::putHeader);
        return request.send(body);
      })
      .compose(SimulatorClient::answer));
  }

  /** Does it on an event loop, where what it opens also lives: called from a test's thread, an answer may be lost. */
  static <T> Future<T> inLoop(Vertx vertx, Supplier<Future<T>> step) {
    return Future.future(promise -> vertx.runOnContext(inside -> step.get().onComplete(promise)));
  }

  public Socket socket(String clientId) {
    return new Socket(sockets, port, clientId);
  }

  private static Future<Answer> answer(HttpClientResponse response) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    response.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
    return response.body().map(body -> new Answer(response.statusCode(), headers, body));
  }

  /** A socket that remembers what it hears. */
  public static final class Socket {

    private final List<JsonObject> heard = new CopyOnWriteArrayList<>();
    private final List<Buffer> seen = new CopyOnWriteArrayList<>();
    private final ClientWebSocket socket;

    Socket(WebSocketClient client, int port, String clientId) {
      socket = client.webSocket()
        .textMessageHandler(text -> heard.add(new JsonObject(text)))
        .binaryMessageHandler(seen::add);
      done(socket.connect(new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port)
        .setURI("/ws?clientId=" + clientId)));
    }

    void say(String text) {
      done(socket.writeTextMessage(text));
    }

    /** Says what may well break the connection. */
    void sayAtOwnRisk(String text) {
      socket.writeTextMessage(text);
    }

    boolean isClosed() {
      return socket.isClosed();
    }

    void close() {
      done(socket.close());
    }

    public List<String> types() {
      return heard.stream().map(message -> message.getString("type")).toList();
    }

    List<Buffer> pictures() {
      return seen;
    }
  }
}
