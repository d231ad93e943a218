package io.anteroom.acceptance;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** As much of a ComfyUI as the doctor checks, on a free port. */
public final class SmallComfy {
  /** What was posted to it, in order. */
  public final List<JsonObject> posted = Collections.synchronizedList(new ArrayList<>());
  private final HttpServer server;
  private String version = "0.28.0";
  private boolean checksOrigin;
  private JsonArray line = new JsonArray();

  public SmallComfy(Vertx vertx) {
    server = vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1").await();
  }

  public SmallComfy ofVersion(String text) {
    version = text;
    return this;
  }

  public SmallComfy startedWith(String... switches) {
    line = new JsonArray(List.of(switches));
    return this;
  }

  public SmallComfy checkingOrigin() {
    checksOrigin = true;
    return this;
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  public void die() {
    server.close().await();
  }

  private void answer(HttpServerRequest request) {
    if (checksOrigin && request.getHeader("Origin") != null) {
      request.response().setStatusCode(403).end();
    } else if (request.method() == HttpMethod.POST) {
      request.body().onSuccess(body -> {
        posted.add(new JsonObject(body));
        json(request, 400, new JsonObject().put("error", new JsonObject().put("type", "prompt_no_outputs")));
      });
    } else {
      get(request);
    }
  }

  private void get(HttpServerRequest request) {
    switch (request.path()) {
      case "/system_stats" -> json(request, 200, new JsonObject()
        .put("system", new JsonObject().put("comfyui_version", version).put("argv", line))
        .put("devices", new JsonArray().add(new JsonObject()
          .put("name", "cuda:0 Small GPU").put("type", "cuda").put("vram_total", 12L << 30))));
      case "/queue" -> json(request, 200, new JsonObject()
        .put("queue_running", new JsonArray()).put("queue_pending", new JsonArray()));
      case "/object_info" -> json(request, 200, new JsonObject());
      case "/" -> request.response().putHeader("Content-Type", "text/html; charset=utf-8")
        .end("<!doctype html><html><head></head><body></body></html>");
      default -> request.response().setStatusCode(404).end();
    }
  }

  private static void json(HttpServerRequest request, int status, JsonObject body) {
    request.response().setStatusCode(status).putHeader("Content-Type", "application/json").end(body.toBuffer());
  }
}
