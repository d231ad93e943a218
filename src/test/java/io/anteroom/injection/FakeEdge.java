package io.anteroom.injection;

import static io.anteroom.support.Awaited.done;

import io.anteroom.http.WebAssets;
import io.anteroom.injection.HtmlInjector.Plan;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Serves alice a page with our script in it, and answers for the queue as a test says; remembers what was asked. */
final class FakeEdge implements AutoCloseable {
  /** A page in ComfyUI's manner: an import map, then the application as a module. */
  private static final String PAGE = """
    <!doctype html><html lang="en"><head><meta charset="UTF-8"><title>ComfyUI</title>
    <script type="importmap">{"imports":{"lib":"./lib.js"}}</script>
    <script type="module" src="app.js"></script></head><body></body></html>
    """;
  private static final String APP = """
    import { found } from 'lib';
    window.app = { found, scriptRanFirst: Boolean(window[Symbol.for('anteroom')]) };
    window.__COMFYUI_FRONTEND_VERSION__ = '1.27.10';
    """;

  /** What came in. */
  record Seen(HttpMethod method, String path, String query, MultiMap headers, Buffer body) {
    JsonObject json() {
      return body.toJsonObject();
    }
  }

  private final WebAssets files = new WebAssets();
  private final HtmlInjector injector = new HtmlInjector(files.bootName());
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final List<HttpServerResponse> streams = new CopyOnWriteArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private volatile MultiMap pageHeaders = MultiMap.caseInsensitiveMultiMap().add("Content-Type", "text/html");
  private volatile Consumer<HttpServerRequest> execute = FakeEdge::accept;
  private volatile JsonArray tasks = new JsonArray();
  private volatile boolean streaming = true;
  private volatile boolean signedOut;
  private volatile JsonObject configuration = new JsonObject().put("user", "alice").put("poll_interval_ms", 500);

  FakeEdge() {
    server = done(vertx.createHttpServer().requestHandler(this::note).listen(0, "127.0.0.1"));
  }

  String origin() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  String page() {
    return origin() + "/u/alice/";
  }

  void pageHas(String header, String value) {
    pageHeaders = MultiMap.caseInsensitiveMultiMap().addAll(pageHeaders).add(header, value);
  }

  void executeAnswers(Consumer<HttpServerRequest> answer) {
    execute = answer;
  }

  /** Says to every open stream, and to everybody who asks, that these are the student's tasks. */
  void tell(JsonObject... all) {
    tasks = new JsonArray(List.of(all));
    streams.forEach(this::tell);
  }

  void streamsBreakOff(boolean forGood) {
    streaming = !forGood;
    streams.forEach(stream -> stream.reset());
    streams.clear();
  }

  /** Signs alice out: her streams end, and whatever she asks is refused. */
  void signOut() {
    signedOut = true;
    streamsBreakOff(true);
  }

  /** Says so to pages that are opened from now on. */
  void configures(String key, Object value) {
    configuration = configuration.copy().put(key, value);
  }

  int openStreams() {
    return streams.size();
  }

  /** What came in below this path, in order. */
  List<Seen> seen(String path) {
    return seen.stream().filter(one -> one.path().equals(path)).toList();
  }

  @Override
  public void close() {
    done(vertx.close());
  }

  static void accept(HttpServerRequest request) {
    request.response().putHeader("Content-Type", "application/json").end(new JsonObject()
      .put("prompt_id", "6f1c0a52-0000-4000-8000-000000000001").put("task_id", "6f1c0a52-0000-4000-8000-000000000001")
      .put("number", 7).put("node_errors", new JsonObject()).put("status", "queued").put("position", 3).encode());
  }

  private void note(HttpServerRequest request) {
    request.response().putHeader("Access-Control-Allow-Origin", "*").putHeader("Access-Control-Allow-Headers", "*");
    request.body().onSuccess(body -> {
      seen.add(new Seen(request.method(), request.path(), request.query(), request.headers(), body));
      answer(request);
    });
  }

  private void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    switch (request.path()) {
      case "/u/alice/" -> sendPage(response);
      case "/u/alice/app.js" -> response.putHeader("Content-Type", "text/javascript").end(APP);
      case "/u/alice/lib.js" -> response.putHeader("Content-Type", "text/javascript").end("export var found = true;");
      case "/u/alice/frame" -> response.putHeader("Content-Type", "text/html").end("<p>frame");
      case "/u/alice/_anteroom/config.json" -> json(response, configuration);
      case "/api/v1/comfy/queue/execute" -> execute.accept(request);
      case "/api/v1/comfy/queue/events" -> stream(response);
      case "/api/v1/comfy/queue" -> json(response.setStatusCode(signedOut ? 401 : 200), picture());
      default -> other(request);
    }
  }

  private void other(HttpServerRequest request) {
    String name = request.path().substring(request.path().lastIndexOf('/') + 1);
    files.find(request.path().startsWith("/u/alice/_anteroom/") ? name : "").ifPresentOrElse(
      file -> request.response().putHeader("Content-Type", "text/javascript").end(file),
      () -> json(request.response(), new JsonObject().put("prompt_id", "by the proxy")));
  }

  private void sendPage(HttpServerResponse response) {
    Buffer page = Buffer.buffer(PAGE);
    Plan plan = injector.plan(page, pageHeaders);
    response.headers().addAll(pageHeaders);
    response.end(plan.verdict() == InjectionResult.INJECTED ? injector.body(plan, page, "/") : page);
  }

  private void stream(HttpServerResponse response) {
    if (!streaming) {
      response.setStatusCode(503).end();
      return;
    }
    response.putHeader("Content-Type", "text/event-stream").setChunked(true);
    streams.add(response);
    response.closeHandler(closed -> streams.remove(response));
    tell(response);
  }

  private void tell(HttpServerResponse stream) {
    stream.write("event: tasks\ndata: " + picture().encode() + "\n\n");
  }

  private JsonObject picture() {
    return new JsonObject().put("tasks", tasks).put("waiting", 9);
  }

  private static void json(HttpServerResponse response, JsonObject body) {
    response.putHeader("Content-Type", "application/json").end(body.encode());
  }
}
