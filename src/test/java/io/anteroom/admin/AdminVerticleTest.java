package io.anteroom.admin;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static io.anteroom.support.Awaited.untilAsserted;
import static io.anteroom.support.Awaited.within;
import static io.anteroom.support.Tasks.lab;
import static io.anteroom.support.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.bus.Bus;
import io.anteroom.config.Settings;
import io.anteroom.metrics.Metric;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.metrics.MetricsSnapshot;
import io.anteroom.support.FreePorts;
import io.anteroom.support.client.RawClient;
import io.anteroom.support.redis.MemoryTaskQueue;
import io.anteroom.task.TaskId;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminVerticleTest {
  private final Vertx vertx = Vertx.vertx();
  private final WebClient client = WebClient.create(vertx);
  private final Bus bus = new Bus(vertx);
  private final MetricsRegistry tally = new MetricsRegistry();
  private final MemoryTaskQueue queue = new MemoryTaskQueue(vertx, lab(7, "ann"), Clock.systemUTC());
  private final int adminPort = FreePorts.next();
  private final int studentsPort = FreePorts.next();
  private final Map<String, MetricsSnapshot> told = new ConcurrentHashMap<>();

  @BeforeEach
  void deploy() {
    bus.subscribe(MetricsSnapshot.NODE, figures -> told.put(figures.node(), figures));
    bus.subscribe(MetricsSnapshot.CLUSTER, figures -> told.put("the cluster", figures));
    done(vertx.deployVerticle(new AdminVerticle(settings(), queue, tally, Clock.systemUTC())));
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void nodeTellsItsTallyItsQueueAndItsMachine() {
    done(queue.submit(task(TaskId.random(), "ann")));
    tally.count("queue_refused");

    untilAsserted(() -> assertThat(toldOf("node-a"))
      .containsEntry("queue_waiting", 1L)
      .containsEntry("queue_refused", 1L)
      .containsEntry("queue_cancelled", 0L)
      .containsEntry("queue_limit", 7L)
      .containsKeys("heap_used_bytes", "event_loop_lag_ms", "uptime_seconds"));
  }

  @Test
  void theOnlyNodeTellsTheSum() {
    tally.count("queue_refused");

    untilAsserted(() -> {
      bus.publish(MetricsSnapshot.NODE, new MetricsSnapshot("node-z", 1, Map.of("queue_refused", 41L)));
      assertThat(toldOf("the cluster")).containsEntry("cluster_nodes", 2L).containsEntry("queue_refused", 42L)
        .containsEntry("queue_limit", 7L);
    });
  }

  /** Whoever adds up over all addresses would count the lab as often as there are nodes. */
  @Test
  void oneNodeAtATimeTellsTheSumAndTheNextWhenItFallsSilent() {
    AtomicInteger sums = new AtomicInteger();
    bus.subscribe(MetricsSnapshot.CLUSTER, sum -> sums.incrementAndGet());
    long first = vertx.setPeriodic(100,
      tick -> bus.publish(MetricsSnapshot.NODE, new MetricsSnapshot("node-0", 1, Map.of())));
    until(() -> told.containsKey("node-a"));

    await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(10)).until(() -> sums.get() == 0);

    vertx.cancelTimer(first);
    within(Duration.ofSeconds(5), () -> sums.get() > 0);
  }

  @Test
  void figuresAreToldEachSecond() {
    List<Long> times = new CopyOnWriteArrayList<>();
    bus.subscribe(MetricsSnapshot.NODE, figures -> times.add(figures.at()));
    until(() -> !times.isEmpty());

    within(Duration.ofMillis(4_500), () -> times.size() > 4);
  }

  @Test
  void queueFiguresAreLeftOutWhileTheStoreIsAway() {
    queue.unreachable(true);

    untilAsserted(() -> assertThat(toldOf("node-a")).containsKey("uptime_seconds").doesNotContainKey("queue_waiting"));
  }

  @Test
  void allThatIsToldIsDocumented() {
    until(() -> told.containsKey("the cluster"));

    assertThat(told.values().stream().flatMap(one -> one.values().keySet().stream()))
      .allSatisfy(name -> assertThat(Metric.of(name)).isPresent());
  }

  @Test
  void prometheusReadsTheFigures() {
    tally.count("queue_refused");

    HttpResponse<Buffer> answer = get("/metrics");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.getHeader("content-type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    untilAsserted(() -> assertThat(get("/metrics").bodyAsString()).contains("""
      # HELP anteroom_queue_refused submits that were refused, for whatever reason
      # TYPE anteroom_queue_refused counter
      anteroom_queue_refused 1
      """).contains("# TYPE anteroom_queue_limit gauge\nanteroom_queue_limit 7\n"));
  }

  @Test
  void nodeLivesAlsoWhenItCannotServe() {
    queue.unreachable(true);

    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void nodeIsReadyWhenTheStoreAnswersAndStudentsCanConnect() {
    untilAsserted(() -> {
      HttpResponse<Buffer> early = get("/health/ready");
      assertThat(early.statusCode()).isEqualTo(503);
      assertThat(check(early, "http").getBoolean("ok")).isFalse();
      assertThat(check(early, "queue").getBoolean("ok")).isTrue();
      assertThat(check(early, "disk").getBoolean("ok")).isTrue();
    });

    done(vertx.createHttpServer().requestHandler(call -> call.response().end()).listen(studentsPort, "127.0.0.1"));
    untilAsserted(() -> assertThat(get("/health/ready").statusCode()).isEqualTo(200));

    queue.unreachable(true);
    untilAsserted(() -> {
      HttpResponse<Buffer> late = get("/health/ready");
      assertThat(late.statusCode()).isEqualTo(503);
      assertThat(check(late, "queue")).isEqualTo(new JsonObject().put("ok", false).put("why", "away"));
    });
  }

  @Test
  void unknownCallsAreRefusedClearly() {
    HttpResponse<Buffer> path = get("/metricz");
    assertThat(path.statusCode()).isEqualTo(404);
    assertThat(path.bodyAsJsonObject().getJsonObject("error").getString("type")).isEqualTo("unknown_path");

    HttpResponse<Buffer> method = done(client.request(HttpMethod.POST, adminPort, "127.0.0.1", "/metrics").send());
    assertThat(method.statusCode()).isEqualTo(405);
  }

  @Test
  void errorsHaveTheShapeAndTheHeadersOfEveryOtherPort() {
    HttpResponse<Buffer> english = get("/metricz");
    JsonObject error = english.bodyAsJsonObject().getJsonObject("error");
    JsonObject both = error.getJsonObject("extra_info");
    assertThat(english.bodyAsJsonObject().getJsonObject("node_errors")).isEmpty();
    assertThat(error.getString("message")).isEqualTo(both.getString("message_en")).contains("GET /metricz");
    assertThat(error.getString("details")).isEmpty();
    assertThat(both.getString("message_zh")).contains("管理端口没有 GET /metricz");
    assertThat(english.getHeader("content-security-policy")).contains("default-src 'none'", "frame-ancestors 'none'");
    assertThat(english.getHeader("x-content-type-options")).isEqualTo("nosniff");
    assertThat(english.getHeader("cache-control")).isEqualTo("no-store");

    HttpResponse<Buffer> chinese =
      done(client.get(adminPort, "127.0.0.1", "/metricz").putHeader("Accept-Language", "zh-CN").send());
    assertThat(chinese.bodyAsJsonObject().getJsonObject("error").getString("message"))
      .isEqualTo(both.getString("message_zh"));
  }

  @Test
  void everyResponseHasTheSecurityHeaders() {
    for (String path : List.of("/health/live", "/health/ready", "/metrics", "/metricz")) {
      assertThat(get(path).headers().names()).as(path).contains("Content-Security-Policy", "X-Content-Type-Options",
        "Cross-Origin-Resource-Policy", "Referrer-Policy", "Permissions-Policy");
    }
  }

  @Test
  void pagesOfTheWebAreNotLetIn() throws IOException {
    assertThat(RawClient.ask(adminPort, "GET /metrics HTTP/1.0\r\n\r\n")).contains(" 421 ", "\"wrong_address\"");
    assertThat(done(call().virtualHost("evil.example").send()).statusCode()).isEqualTo(421);
    assertThat(done(call().putHeader("Origin", "https://evil.example").send()).statusCode()).isEqualTo(403);
    assertThat(done(call().putHeader("Origin", "null").send()).statusCode()).isEqualTo(403);
    assertThat(done(call().putHeader("Origin", "http://localhost:3000").send()).statusCode()).isEqualTo(200);
  }

  /** The latest figures of this name; empty before the first. */
  private Map<String, Long> toldOf(String name) {
    return Optional.ofNullable(told.get(name)).map(MetricsSnapshot::values).orElse(Map.of());
  }

  private HttpRequest<Buffer> call() {
    return client.get(adminPort, "127.0.0.1", "/metrics");
  }

  private HttpResponse<Buffer> get(String path) {
    return done(client.get(adminPort, "127.0.0.1", path).send());
  }

  private static JsonObject check(HttpResponse<Buffer> answer, String name) {
    return answer.bodyAsJsonObject().getJsonObject("checks").getJsonObject(name);
  }

  /** Only what the metrics read. */
  private Settings settings() {
    Settings.Http http = new Settings.Http("127.0.0.1", studentsPort, "127.0.0.1", adminPort, 0);
    Set<Settings.Role> roles = Set.of(Settings.Role.EDGE);
    Settings.Redis redis = new Settings.Redis(Optional.empty(), "standalone", "", 1);
    return new Settings("node-a", roles, Path.of("target"), http, redis, null, null, null, null, null, null,
      null, null);
  }
}
