package io.anteroom.admin;

import io.anteroom.config.Settings;
import io.anteroom.config.tls.ServerTls;
import io.anteroom.metrics.Metric;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The admin port: whether the node lives, whether it can serve, and its figures for Prometheus. */
final class AdminServer {
  private static final int IDLE_SECONDS = 30;

  private final Settings.Http http;
  private final ServerTls certificate;
  private final ReadinessCheck readiness;
  private final NodeMetrics figures;
  private final AdminHostCheck guard;

  AdminServer(Settings.Http http, ServerTls certificate, ReadinessCheck readiness, NodeMetrics figures) {
    this.http = http;
    this.certificate = certificate;
    this.readiness = readiness;
    this.figures = figures;
    this.guard = new AdminHostCheck(http.adminHost());
  }

  Future<HttpServer> listen(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(AdminServer::protect).handler(this::admit);
    router.get("/health/live").handler(call -> answer(call, 200, new JsonObject().put("live", true)));
    router.get("/health/ready").handler(this::ready);
    router.get("/metrics").handler(this::metrics);
    router.errorHandler(404, refusing(AdminErrors::unknownPath));
    router.errorHandler(405, refusing(AdminErrors::methodNotAllowed));
    HttpServerOptions options = new HttpServerOptions()
      .setHost(http.adminHost())
      .setPort(http.adminPort())
      .setIdleTimeout(IDLE_SECONDS);
    return vertx.createHttpServer(certificate.applyTo(options)).requestHandler(router).listen()
      .onSuccess(server -> certificate.follow(vertx, List.of(server)));
  }

  /** Nothing of the admin port is ever shown inside another page, read by one, or taken for anything but text. */
  private static void protect(RoutingContext call) {
    call.response()
      .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
      .putHeader("Cross-Origin-Resource-Policy", "same-origin")
      .putHeader("Referrer-Policy", "same-origin")
      .putHeader("X-Content-Type-Options", "nosniff");
    call.next();
  }

  private void admit(RoutingContext call) {
    guard.objection(call.request()).ifPresentOrElse(refusal -> refuse(call, refusal), call::next);
  }

  private void ready(RoutingContext call) {
    readiness.look()
      .onSuccess(checks -> {
        boolean ready = checks.stream().allMatch(ReadinessCheck.Check::ok);
        answer(call, ready ? 200 : 503, new JsonObject().put("ready", ready).put("checks", toJson(checks)));
      })
      .onFailure(call::fail);
  }

  private void metrics(RoutingContext call) {
    figures.read()
      .onSuccess(now -> call.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, PrometheusText.CONTENT_TYPE)
        .end(PrometheusText.of(now)))
      .onFailure(call::fail);
  }

  private static JsonObject toJson(List<ReadinessCheck.Check> checks) {
    JsonObject json = new JsonObject();
    checks.forEach(check -> json.put(check.name(), new JsonObject().put("ok", check.ok()).put("why", check.why())));
    return json;
  }

  private static Handler<RoutingContext> refusing(Function<String, ApiException> refusal) {
    return call -> refuse(call, refusal.apply(call.request().method() + " " + call.request().path()));
  }

  private static void refuse(RoutingContext call, ApiException refusal) {
    JsonObject error = new JsonObject()
      .put("type", refusal.code().word())
      .put("message", refusal.english())
      .put("details", refusal.chinese())
      .put("extra_info", new JsonObject());
    answer(call, refusal.code().status(), new JsonObject().put("error", error).put("node_errors", new JsonObject()));
  }

  private static void answer(RoutingContext call, int status, JsonObject body) {
    call.response()
      .setStatusCode(status)
      .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
      .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
      .end(body.toBuffer());
  }

  /** Figures as Prometheus reads them. */
  static final class PrometheusText {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String PREFIX = "anteroom_";

    private PrometheusText() {
    }

    static String of(Map<String, Long> figures) {
      return figures.entrySet().stream()
        .map(figure -> head(figure.getKey()) + PREFIX + figure.getKey() + " " + figure.getValue() + "\n")
        .collect(Collectors.joining());
    }

    private static String head(String name) {
      return Metric.of(name)
        .map(figure -> "# HELP %1$s%2$s %3$s\n# TYPE %1$s%2$s %4$s\n".formatted(PREFIX, name, figure.meaning(),
          figure.kind().onlyGrows() ? "counter" : "gauge"))
        .orElse("");
    }
  }
}
