package io.anteroom.support;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A student with a browser, as far as HTTP goes. */
public record Student(String name, HttpClient http) {

  public Student(String name) {
    this(name, HttpClient.newHttpClient());
  }

  /** Presses Run in the page that came from this node. */
  public Answer run(NodeProcess node, JsonObject workflow) {
    return post(node.url() + "/u/" + name + "/api/prompt", new JsonObject().put("prompt", workflow).encode());
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
    try {
      HttpResponse<String> response =
        http.send(request.timeout(Duration.ofSeconds(90)).build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers().firstValue("Retry-After").orElse(""),
        response.body());
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(name + " got no answer from " + request.build().uri(), failure);
    }
  }

  /** What came back. */
  public record Answer(int status, String retryAfter, String body) {
    public JsonObject json() {
      return new JsonObject(body);
    }

    public String taskId() {
      return json().getString("task_id");
    }
  }
}
