package io.anteroom.edge.proxy;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.config.Settings.Instances;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.support.LogLines;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceTroubleTest {
  private EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void anInstanceThatIsDownIsSaidToBe() {
    Reply answer = house.get("/u/bob/api/x");

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.error()).isEqualTo("instance_down");
    assertThat(answer.text()).contains("gpu-02");
    assertThat(house.tally.read()).containsEntry("edge_upstream_failures", 1L).containsEntry("edge_requests", 1L);
  }

  /** Its address is for the administrator, in the log and the doctor's report. */
  @ParameterizedTest
  @CsvSource({"302, https://sso.example/login", "307, //sso.example/", "303, http://sso.example:80/", "301, /../x"})
  void whoOpensThePageOfAnInstanceBehindASignInPageReadsSo(int status, String location) {
    house.comfy.answers("/", request -> request.response().setStatusCode(status).putHeader("Location", location).end());

    Reply page = house.get("/u/alice/", "Accept", "text/html");

    assertThat(page.status()).isEqualTo(502);
    assertThat(page.text()).contains("is not ComfyUI (%d)".formatted(status), "sign-in page")
      .doesNotContain("cannot be reached", "sso.example");
    assertThat(house.get("/u/alice/", "Accept", "text/html", "Accept-Language", "zh").text())
      .contains("不是 ComfyUI（%d）".formatted(status)).doesNotContain("sso.example");
    assertThat(page.header("Location")).isNull();
  }

  @Test
  void aUserWithoutAnInstanceIsToldSo() {
    assertThat(house.get("/u/carol/api/x").error()).isEqualTo("unknown_instance");
  }

  @Test
  void anInstanceThatDoesNotAnswerIsGivenUp() {
    restart(new Instances(Duration.ofSeconds(2), Duration.ofMillis(300), Duration.ofSeconds(10), 64));
    house.comfy.answers("/x", request -> { });

    Reply answer = house.get("/u/alice/x");

    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.error()).isEqualTo("instance_slow");
  }

  @Test
  void moreRequestsThanMayWaitAreTurnedAway() {
    restart(new Instances(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(10), 1));
    house.comfy.answers("/x", request -> { });
    askAndWait(1);
    // Only now is the one connection taken: while it comes about, its request counts among those that wait.
    until(() -> house.comfy.asked().size() == 1);
    askAndWait(16);
    until(() -> house.tally.read().getOrDefault("edge_requests", 0L) == 17);

    Reply answer = house.get("/u/alice/x");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.error()).isEqualTo("too_many_requests");
    assertThat(answer.header("Retry-After")).isNotBlank();
  }

  @Test
  void anAnswerThatBreaksOffIsNotMadeWhole() {
    house.comfy.answers("/x", request -> {
      request.response().setChunked(true).write("half");
      request.response().write("half").onComplete(sent -> request.connection().close());
    });

    HttpClientRequest request = house.request(HttpMethod.GET, "/u/alice/x");
    Future<Throwable> failure = Reply.to(request).transform(reply -> Future.succeededFuture(reply.cause()));
    request.end();

    assertThat(done(failure)).isNotNull();
  }

  @Test
  void aBrowserThatGoesAwayEndsTheRequestAtTheInstance() throws Exception {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    CompletableFuture<Void> ended = new CompletableFuture<>();
    house.comfy.answers("/x", request -> {
      request.response().closeHandler(ended::complete);
      asked.complete(null);
    });
    HttpClientRequest request = house.request(HttpMethod.GET, "/u/alice/x");
    done(request.end());
    asked.get(60, TimeUnit.SECONDS);

    request.connection().close();

    ended.get(60, TimeUnit.SECONDS);
  }

  /** An upgrade that nobody asked for, or a number that is no status: a browser could take either for anything. */
  @ParameterizedTest
  @ValueSource(ints = {101, 600, 999, 20000, 99, 0})
  void anAnswerWithoutAFinalStatusDoesNotReachTheBrowser(int status) {
    for (String path : List.of("/x", "/api/jobs", "/object_info", "/history", "/extensions")) {
      house.comfy.answers(path, request -> request.response().setStatusCode(status).end());
    }
    house.bus.serve(StatusServices.USER, about -> Future.succeededFuture(new Answer(List.of(), "0", 0)));

    try (LogLines library = new LogLines("io.vertx.core.http.impl")) {
      assertThat(house.get("/u/dora/x").status()).isEqualTo(502);
      assertThat(house.get("/u/dora/x").error()).isEqualTo("instance_down");
      for (String path : List.of("/api/jobs", "/object_info", "/history", "/extensions")) {
        assertThat(house.get("/u/dora" + path).status()).as(path).isIn(200, 500, 502);
      }
      assertThat(library.errors()).as("errors without a name").isEmpty();
    }
  }

  /** The bytes behind it belong to no other request. */
  @Test
  void aConnectionOnWhichAnUpgradeWasOfferedIsNotUsedAgain() {
    house.comfy.answers("/x", request -> request.response().setStatusCode(101).end());
    Set<SocketAddress> connections = ConcurrentHashMap.newKeySet();
    house.comfy.answers("/y", request -> {
      connections.add(request.remoteAddress());
      request.response().end();
    });

    for (int i = 0; i < 3; i++) {
      house.get("/u/dora/x");
      house.get("/u/dora/y");
    }

    assertThat(connections).hasSize(3);
  }

  /** Sends requests that nobody answers. */
  private void askAndWait(int count) {
    IntStream.range(0, count)
      .mapToObj(i -> house.request(HttpMethod.GET, "/u/alice/x"))
      .forEach(request -> done(request.end()));
  }

  private void restart(Instances instances) {
    house.close();
    house = new EdgeFixture(instances);
  }
}
