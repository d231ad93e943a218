package io.anteroom.admin;

import io.anteroom.config.Settings;
import io.anteroom.config.tls.ServerTls;
import io.anteroom.http.ErrorWriter;
import io.anteroom.http.SecurityHeaders;
import io.anteroom.metrics.Metric;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
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

/** The admin port: liveness, readiness, and the node's metrics for Prometheus. */
final class AdminServer {
  private static final int IDLE_SECONDS = 30;

  private final Settings.Http http;
  private final ServerTls certificate;
  private final ReadinessCheck readiness;
  private final NodeMetrics figures;
  private final AdminHostCheck hosts;

  AdminServer(Settings.Http http, ServerTls certificate, ReadinessCheck readiness, NodeMetrics figures) {
    this.http = http;
    this.certificate = certificate;
    this.readiness = readiness;
    this.figures = figures;
    this.hosts = new AdminHostCheck(http.adminHost());
  }

  Future<HttpServer> listen(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(AdminServer::protect).handler(this::admit);
    router.get("/health/live").handler(call -> answer(call, 200, new JsonObject().put("live", true)));
    router.get("/health/ready").handler(this::ready);
    router.get("/metrics").handler(this::metrics);
    router.errorHandler(404, refusing(AdminErrors::unknownPath));
    router.errorHandler(405, refusing(AdminErrors::methodNotAllowed));
    router.errorHandler(500, call -> ErrorWriter.write(call.request(),
      ErrorWriter.internal(call.request(), call.failure())));
    HttpServerOptions options = new HttpServerOptions()
      .setHost(http.adminHost())
      .setPort(http.adminPort())
      .setIdleTimeout(IDLE_SECONDS);
    return vertx.createHttpServer(certificate.applyTo(options)).requestHandler(router).listen()
      .onSuccess(server -> certificate.follow(vertx, List.of(server)));
  }

  private static void protect(RoutingContext call) {
    SecurityHeaders.addTo(call.response().headers());
    call.next();
  }

  private void admit(RoutingContext call) {
    hosts.objection(call.request())
      .ifPresentOrElse(refusal -> ErrorWriter.write(call.request(), refusal), call::next);
  }

  private void ready(RoutingContext call) {
    readiness.run()
      .onSuccess(checks -> {
        boolean ready = checks.stream().allMatch(ReadinessCheck.Check::ok);
        answer(call, ready ? 200 : 503, new JsonObject().put("ready", ready).put("checks", toJson(checks)));
      })
      .onFailure(call::fail);
  }

  private void metrics(RoutingContext call) {
    figures.read()
      .onSuccess(now -> answer(call, 200, PrometheusText.CONTENT_TYPE, Buffer.buffer(PrometheusText.of(now))))
      .onFailure(call::fail);
  }

  private static JsonObject toJson(List<ReadinessCheck.Check> checks) {
    JsonObject json = new JsonObject();
    checks.forEach(check -> json.put(check.name(), new JsonObject().put("ok", check.ok()).put("why", check.why())));
    return json;
  }

  private static Handler<RoutingContext> refusing(Function<String, ApiException> refusal) {
    return call -> ErrorWriter.write(call.request(),
      refusal.apply(call.request().method() + " " + call.request().path()));
  }

  private static void answer(RoutingContext call, int status, JsonObject body) {
    answer(call, status, "application/json; charset=utf-8", body.toBuffer());
  }

  private static void answer(RoutingContext call, int status, String contentType, Buffer body) {
    call.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType).end(body);
  }

  /** Metrics in the text format of Prometheus. */
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
