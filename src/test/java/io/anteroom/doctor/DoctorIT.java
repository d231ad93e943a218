package io.anteroom.doctor;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.acceptance.SmallComfy;
import io.anteroom.config.ConfigLoader;
import io.anteroom.doctor.Report.Finding;
import io.anteroom.doctor.Report.Finding.Level;
import io.anteroom.queue.QueueConfig;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.support.FreePorts;
import io.anteroom.support.Tasks;
import io.anteroom.support.redis.TestRedis;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(VertxExtension.class)
class DoctorIT {
  private final Map<String, String> environment = new HashMap<>();
  @TempDir
  private Path folder;

  @BeforeEach
  void lab() throws IOException {
    List<String> ports =
      List.of("HTTP_PORT", "HTTP_ADMIN_PORT", "CLUSTER_PORT", "CLUSTER_EVENT_BUS_PORT", "REDIS_PORT");
    for (String port : ports) {
      environment.put("ANTEROOM_" + port, Integer.toString(FreePorts.next()));
    }
    environment.put("ANTEROOM_USERS_FILE", folder.resolve("users.csv").toString());
    environment.put("ANTEROOM_INSTANCES_FILE", folder.resolve("instances.csv").toString());
    Files.writeString(folder.resolve("users.csv"), "username,display_name,group,role,instance\n");
  }

  @Test
  void healthyLabIsFoundHealthyAndNothingRuns(Vertx vertx) throws IOException {
    SmallComfy comfy = new SmallComfy(vertx);
    instances("pc", comfy.url());

    Report report = examine(vertx);

    assertThat(report.isGood()).isTrue();
    // The Redis that comes along is an old one, where the machine has no newer one.
    assertThat(report.findings()).filteredOn(finding -> !finding.text().contains("CVE-2025-49844"))
      .extracting(Finding::level).containsOnly(Level.OK);
    assertThat(report.findings()).extracting(Finding::subject).contains("settings", "files", "redis", "ports", "pc");
    assertThat(comfy.posted).singleElement().satisfies(posted -> {
      assertThat(posted.getJsonObject("prompt")).isEmpty();
      assertThat(UUID.fromString(posted.getString("prompt_id"))).isNotNull();
    });
  }

  @Test
  void instanceThatChecksOriginIsExplained(Vertx vertx) throws IOException {
    instances("pc", new SmallComfy(vertx).checkingOrigin().url());

    Report report = examine(vertx);

    assertThat(report.isGood()).isTrue();
    assertThat(texts(report, "pc")).anyMatch(text -> text.startsWith("refuses cross-origin requests (403)"));
  }

  @Test
  void oldVersionIsWrong(Vertx vertx) throws IOException {
    instances("pc", new SmallComfy(vertx).ofVersion("0.3.40").url());

    Report report = examine(vertx);

    assertThat(report.isGood()).isFalse();
    assertThat(texts(report, "pc")).contains("ComfyUI 0.3.40 ignores our prompt_id: tasks cannot be followed");
  }

  @Test
  void deadInstanceIsWrongAndTheOthersAreLookedAtAllTheSame(Vertx vertx) throws IOException {
    SmallComfy dead = new SmallComfy(vertx);
    dead.die();
    String[] lab = new String[24];
    for (int at = 0; at < lab.length; at += 2) {
      lab[at] = "pc-" + at;
      lab[at + 1] = at == 0 ? dead.url() : new SmallComfy(vertx).url();
    }
    instances(lab);

    Report report = examine(vertx);

    assertThat(report.findings()).filteredOn(finding -> finding.level() == Level.WRONG).singleElement()
      .extracting(Finding::text).asString().startsWith(dead.url() + " is not reachable");
    assertThat(report.findings()).extracting(Finding::text).filteredOn(text -> text.contains("ComfyUI 0.28.0"))
      .hasSize(11);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
    "404 | text/plain | nothing here       | 404", "302 | ~~        | ~~                  | 302",
    "401 | text/html  | sign in            | 401", "200 | text/html | <html>welcome</html> | 200 text/html",
    "200 | application/json | {}           | 200 application/json",
    "200 | application/json | [1]          | 200 application/json",
    "502 | text/html  | bad gateway        | 502"})
  void whatAnswersButIsNoComfyUiIsNotCalledUnreachable(int status, String type, String body, String said, Vertx vertx)
      throws IOException {
    int port = vertx.createHttpServer().requestHandler(request -> request.response().setStatusCode(status)
      .putHeader("Content-Type", type).end(body)).listen(0, "127.0.0.1").await().actualPort();
    instances("pc", "http://127.0.0.1:" + port);

    Report report = examine(vertx);

    assertThat(report.findings()).filteredOn(finding -> finding.level() == Level.WRONG).singleElement()
      .satisfies(finding -> {
        assertThat(finding.text()).isEqualTo("http://127.0.0.1:%d answers, but is not a ComfyUI (%s)", port, said);
        assertThat(finding.remedy()).contains("instances.csv");
      });
  }

  @Test
  void whatItsCommandLineSaysAndItsNodesCostIsFound(Vertx vertx) throws IOException {
    instances("pc", new SmallComfy(vertx).startedWith("main.py", "--enable-assets", "--multi-user").url());

    assertThat(texts(examine(vertx), "pc"))
      .anyMatch(text -> text.startsWith("runs with --enable-assets"))
      .anyMatch(text -> text.startsWith("runs with --multi-user"))
      .anyMatch(text -> text.matches("(takes|lists).*/object_info, 0\\.0 MB.*"));
  }

  @Test
  void whatAnswersInThePlaceOfAComfyIsToldByWhatCame(Vertx vertx) throws IOException {
    int port = vertx.createHttpServer().requestHandler(request -> request.response().setStatusCode(302)
      .putHeader("Location", "https://sso.example/login").end()).listen(0, "127.0.0.1").await().actualPort();
    instances("pc", "http://127.0.0.1:" + port);

    assertThat(texts(examine(vertx), "pc")).singleElement().asString()
      .contains("answers, but is not a ComfyUI", "302 and leads to https://sso.example/login")
      .doesNotContain("reachable");
  }

  @Test
  void wrongFilesAreReportedBesideTheRest(Vertx vertx) throws IOException {
    Files.writeString(folder.resolve("instances.csv"), "instance,url\n");

    Report report = examine(vertx);

    assertThat(texts(report, "files")).singleElement().asString().contains("the header lacks pool, slots");
    assertThat(texts(report, "redis")).singleElement().asString()
      .contains("the embedded Redis can run on this machine");
  }

  @Test
  void takenPortIsWrong(Vertx vertx) throws IOException {
    instances();
    NetServer other = vertx.createNetServer().connectHandler(socket -> socket.close()).listen(0, "127.0.0.1").await();
    environment.put("ANTEROOM_HTTP_PORT", Integer.toString(other.actualPort()));

    Report report = examine(vertx);

    assertThat(texts(report, "ports")).singleElement().asString()
      .startsWith("cannot listen on http.port 127.0.0.1:" + other.actualPort());
  }

  @Test
  void runningNodeIsNotInItsOwnWay(Vertx vertx) throws IOException {
    instances();
    vertx.createHttpServer().requestHandler(request -> request.response().end())
      .listen(Integer.parseInt(environment.get("ANTEROOM_HTTP_ADMIN_PORT")), "127.0.0.1").await();

    assertThat(texts(examine(vertx), "ports")).containsExactly("an Anteroom already runs here, and is ready");
  }

  @Test
  void membersAreTriedAndAQueueForEachIsWarnedOf(Vertx vertx) throws IOException {
    instances();
    NetServer member = vertx.createNetServer().connectHandler(socket -> socket.close()).listen(0, "127.0.0.1").await();
    int absent = FreePorts.next();
    environment.put("ANTEROOM_CLUSTER_MEMBERS", "127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%s"
      .formatted(member.actualPort(), absent, environment.get("ANTEROOM_CLUSTER_PORT")));

    List<String> texts = texts(examine(vertx), "cluster");

    assertThat(texts).hasSize(3)
      .anyMatch(text -> text.startsWith("several members, but this one would run a Redis of its own"))
      .contains("127.0.0.1:" + member.actualPort() + " is reachable")
      .anyMatch(text -> text.startsWith("127.0.0.1:" + absent + " is not reachable"));
  }

  /** The settings in a file say nothing about what the store has from a node that runs with others. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"10 | OK | in force: at most 10 workflows run at once",
    "4 | WARNING | in force is 4, from another node; these settings say 10"})
  void theLimitInForceIsToldBesideThatOfTheSettings(int inForce, Level level, String text, Vertx vertx)
      throws IOException {
    instances();
    try (TestRedis redis = TestRedis.start()) {
      environment.put("ANTEROOM_REDIS_URL", redis.access().urls().get(0));
      assertThat(texts(examine(vertx), "limit")).as("before any node has started").isEmpty();
      done(redis.queue(vertx).configure(Tasks.lab(inForce, "pc")));

      Report report = examine(vertx);

      assertThat(texts(report, "settings")).containsExactly(
        "valid; at most 10 workflows run at once");
      assertThat(report.findings()).filteredOn(finding -> finding.subject().equals("limit")).singleElement()
        .satisfies(finding -> {
          assertThat(finding.level()).isEqualTo(level);
          assertThat(finding.text()).isEqualTo(text);
        });
    }
  }

  @Test
  void aNodeThatIsNotReadyIsToldWithItsReason(Vertx vertx) throws IOException {
    instances();
    vertx.createHttpServer().requestHandler(request -> request.response().setStatusCode(503).end(
        "{\"ready\":false,\"checks\":{\"queue\":{\"ok\":true,\"why\":\"\"},"
          + "\"cluster\":{\"ok\":false,\"why\":\"another store\"}}}"))
      .listen(Integer.parseInt(environment.get("ANTEROOM_HTTP_ADMIN_PORT")), "127.0.0.1").await();

    Report report = examine(vertx);

    assertThat(report.isGood()).isFalse();
    assertThat(texts(report, "ports"))
      .containsExactly("an Anteroom already runs here, and is not ready: cluster: another store");
  }

  @Test
  void whatDiffersFromWhatIsInForceIsFound(Vertx vertx) throws IOException {
    try (TestRedis redis = TestRedis.start()) {
      instances("pc", new SmallComfy(vertx).url());
      environment.put("ANTEROOM_REDIS_URL", redis.access().urls().get(0));
      assertThat(texts(examine(vertx), "configuration")).containsExactly("all nodes have the same");
      RedisTaskQueue queue = redis.queue(vertx);
      queue.configure(new QueueConfig("other", 7, 1, 20, Duration.ofSeconds(15), Duration.ofHours(24),
        Duration.ofMinutes(5), List.of(), "none")).await();

      assertThat(texts(examine(vertx), "configuration")).contains("limit.concurrent is 10 here, 7 in force",
        "pc is in instances.csv here, but not in force").hasSize(3);
      queue.close().await();
    }
  }

  @Test
  void absentRedisIsWrongAndItsPasswordUnsaid(Vertx vertx) throws IOException {
    instances();
    environment.put("ANTEROOM_REDIS_URL", "redis://:s3cret@127.0.0.1:" + FreePorts.next());

    Report report = examine(vertx);

    assertThat(report.isGood()).isFalse();
    assertThat(report.table()).contains("✗ redis", "redis://***@127.0.0.1").doesNotContain("s3cret");
    assertThat(report.json()).doesNotContain("s3cret");
  }

  private Report examine(Vertx vertx) {
    return new Doctor(vertx, ConfigLoader.load(Optional.empty(), environment).settings()).examine().await();
  }

  private static List<String> texts(Report report, String subject) {
    return report.findings().stream().filter(finding -> finding.subject().equals(subject)).map(Finding::text).toList();
  }

  private void instances(String... namesAndUrls) throws IOException {
    StringBuilder text = new StringBuilder("instance,url,pool,slots\n");
    for (int at = 0; at < namesAndUrls.length; at += 2) {
      text.append(namesAndUrls[at]).append(',').append(namesAndUrls[at + 1]).append(",,\n");
    }
    Files.writeString(folder.resolve("instances.csv"), text);
  }
}
