package io.anteroom.trial.generator;

import io.anteroom.support.cluster.NodeProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A student's HTTP client: each request goes to any node, which may be dead. */
public final class SimulatedPage {
  private static final Duration TIMEOUT = Duration.ofSeconds(6);
  private static final HttpClient HTTP =
    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();

  private final String user;
  private final List<NodeProcess> nodes;
  private final SeededRandom random;

  public SimulatedPage(String user, List<NodeProcess> nodes, SeededRandom random) {
    this.user = user;
    this.nodes = nodes;
    this.random = random;
  }

  /** What came back. */
  public record Answer(int status, String body) {
    public JsonObject json() {
      return new JsonObject(body);
    }
  }

  /** Presses Run. */
  Optional<Answer> run(JsonObject body) throws InterruptedException {
    return send(anyNode(), "/u/" + user + "/api/prompt",
      HttpRequest.newBuilder().POST(BodyPublishers.ofString(body.encode())).header("Content-Type", "application/json"));
  }

  Optional<Answer> cancel(String task) throws InterruptedException {
    return send(anyNode(), "/api/v1/comfy/queue/" + task + "?user=" + user, HttpRequest.newBuilder().DELETE());
  }

  /** Asks how a task is; with {@code seconds} the answer is held until something changes. */
  public Optional<Answer> status(String task, int seconds) throws InterruptedException {
    return status(anyNode(), task, seconds);
  }

  public Optional<Answer> status(NodeProcess node, String task, int seconds) throws InterruptedException {
    return send(node, "/api/v1/comfy/queue/status/" + task + "?user=" + user + (seconds > 0 ? "&wait=" + seconds : ""),
      HttpRequest.newBuilder());
  }

  Optional<Answer> list() throws InterruptedException {
    return send(anyNode(), "/api/v1/comfy/queue?user=" + user, HttpRequest.newBuilder());
  }

  NodeProcess anyNode() {
    return random.any(nodes);
  }

  private static Optional<Answer> send(NodeProcess node, String path, HttpRequest.Builder request)
      throws InterruptedException {
    try {
      HttpResponse<String> response =
        HTTP.send(request.uri(URI.create(node.url() + path)).timeout(TIMEOUT).build(), BodyHandlers.ofString());
      return Optional.of(new Answer(response.statusCode(), response.body()));
    } catch (IOException noAnswer) {
      return Optional.empty();
    }
  }
}
