package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.PythonText;
import io.anteroom.simulator.comfyui.PythonText.PythonError;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Registers routes as ComfyUI does: twice, the second time under {@code /api}. */
public final class SimulatorRoutes {

  private static final int MAX_UPLOAD = 100 * 1024 * 1024;

  private final Router router;
  private final Map<String, List<String>> methods = new TreeMap<>();

  public SimulatorRoutes(Router router) {
    this.router = router;
  }

  public void get(String path, Handler<RoutingContext> handler) {
    add(path, List.of(HttpMethod.GET, HttpMethod.HEAD)).forEach(route -> route.handler(handler));
  }

  /** The handler gets the complete body. */
  void post(String path, Handler<RoutingContext> handler) {
    add(path, List.of(HttpMethod.POST)).forEach(route -> route
      .handler(BodyHandler.create(false).setBodyLimit(MAX_UPLOAD))
      .handler(handler));
  }

  /** The handler reads the body itself. */
  void stream(String path, Handler<RoutingContext> handler) {
    add(path, List.of(HttpMethod.POST)).forEach(route -> route.handler(handler));
  }

  void delete(String path, Handler<RoutingContext> handler) {
    add(path, List.of(HttpMethod.DELETE)).forEach(route -> route.handler(handler));
  }

  /**
   * A route without a twin, such as those that ComfyUI adds to its application directly.
   *
   * @param streams whether the handler reads the body itself
   */
  void alone(HttpMethod verb, String path, boolean streams, Handler<RoutingContext> handler) {
    Route route = router.route(verb, path);
    if (verb == HttpMethod.GET) {
      route.method(HttpMethod.HEAD);
    } else if (!streams) {
      route.handler(BodyHandler.create(false).setBodyLimit(MAX_UPLOAD));
    }
    route.handler(handler);
    methods.computeIfAbsent(path, known -> new ArrayList<>()).add(verb.name());
  }

  /** The methods of all routes with this path, for an {@code Allow} header. */
  String allowed(String path) {
    TreeSet<String> allowed = new TreeSet<>(List.of("GET", "HEAD"));
    allowed.addAll(methods.getOrDefault(path, List.of()));
    return String.join(",", allowed);
  }

  /** Whether Content-Length exceeds the maximum of the server. */
  static boolean isTooLarge(RoutingContext ctx) {
    String length = ctx.request().getHeader("Content-Length");
    return length != null && Long.parseLong(length) > MAX_UPLOAD;
  }

  /** The body as JSON, whatever its content type. Raises if it is not JSON. */
  static Object json(RoutingContext ctx) {
    try {
      return Json.decodeValue(ctx.body().buffer());
    } catch (DecodeException | NullPointerException e) {
      throw PythonError.value("Expecting value: line 1 column 1 (char 0)");
    }
  }

  /** The body as a JSON object; raises if it is not one. */
  static JsonObject jsonObject(RoutingContext ctx) {
    Object body = json(ctx);
    if (body instanceof JsonObject object) {
      return object;
    }
    throw PythonError.type(PythonText.repr(PythonText.typeName(body)) + " object is not a dict");
  }

  public static void answer(RoutingContext ctx, Object json) {
    answer(ctx, 200, json);
  }

  public static void answer(RoutingContext ctx, int status, Object json) {
    answerEncoded(ctx, status, Json.encodeToBuffer(json));
  }

  static void answerEncoded(RoutingContext ctx, int status, Buffer json) {
    ctx.response().setStatusCode(status).putHeader("Content-Type", "application/json; charset=utf-8")
      .end(json)
      .onFailure(ctx::fail);
  }

  public static void answerText(RoutingContext ctx, int status, String text) {
    ctx.response().setStatusCode(status).putHeader("Content-Type", "text/plain; charset=utf-8")
      .end(text)
      .onFailure(ctx::fail);
  }

  public static void answerEmpty(RoutingContext ctx, int status) {
    ctx.response().setStatusCode(status).end().onFailure(ctx::fail);
  }

  private List<Route> add(String path, List<HttpMethod> verbs) {
    List<Route> routes = new ArrayList<>();
    for (String prefix : List.of("", "/api")) {
      Route route = router.route(prefix + path);
      verbs.forEach(route::method);
      verbs.forEach(verb -> methods.computeIfAbsent(prefix + path, known -> new ArrayList<>()).add(verb.name()));
      routes.add(route);
    }
    return routes;
  }
}
