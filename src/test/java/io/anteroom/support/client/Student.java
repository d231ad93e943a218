package io.anteroom.support.client;

import io.anteroom.support.cluster.NodeProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * A student with a browser, as far as HTTP goes.
 *
 * @param password sent with each request; empty where nobody signs in
 */
public record Student(String name, HttpClient http, Optional<String> password) {

  public Student(String name) {
    this(name, HttpClient.newHttpClient(), Optional.empty());
  }

  public Student(String name, String password) {
    this(name, HttpClient.newHttpClient(), Optional.of(password));
  }

  /** Presses Run in the page that came from this node. */
  public Answer run(NodeProcess node, JsonObject workflow) {
    return post(node.url() + "/u/" + name + "/api/prompt", new JsonObject().put("prompt", workflow).encode());
  }

  /** The same without waiting for the answer, which is held back until the instance has judged; the id of the task. */
  public String pressRun(NodeProcess node, JsonObject workflow) {
    String id = UUID.randomUUID().toString();
    http.sendAsync(HttpRequest.newBuilder(URI.create(node.url() + "/u/" + name + "/api/prompt"))
      .header("Content-Type", "application/json")
      .POST(BodyPublishers.ofString(new JsonObject().put("prompt", workflow).put("prompt_id", id).encode()))
      .build(), BodyHandlers.discarding());
    return id;
  }

  /** Sends any text to any address. */
  public Answer post(String url, String body) {
    return send(HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString(body))
      .header("Content-Type", "application/json"));
  }

  public Answer get(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  public Answer cancel(NodeProcess node, String task) {
    return send(HttpRequest.newBuilder(URI.create(
      node.url() + "/api/v1/comfy/queue/" + task + "?user=" + name)).DELETE());
  }

  /** What this node says of a task of this student. */
  public JsonObject status(NodeProcess node, String task) {
    return get(node.url() + "/api/v1/comfy/queue/status/" + task + "?user=" + name).json();
  }

  private Answer send(HttpRequest.Builder request) {
    password.ifPresent(secret -> request.header("Authorization",
      "Basic " + Base64.getEncoder().encodeToString((name + ":" + secret).getBytes(StandardCharsets.UTF_8))));
    try {
      HttpResponse<String> response =
        http.send(request.timeout(Duration.ofSeconds(90)).build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers().firstValue("Retry-After").orElse(""),
        response.headers().firstValue("Location").orElse(""), response.body());
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(name + " got no answer from " + request.build().uri(), failure);
    }
  }

  /** What came back. */
  public record Answer(int status, String retryAfter, String location, String body) {
    public JsonObject json() {
      return new JsonObject(body);
    }

    public String taskId() {
      return json().getString("task_id");
    }
  }
}
