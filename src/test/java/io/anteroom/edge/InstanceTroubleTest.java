package io.anteroom.edge;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.Settings.Instances;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InstanceTroubleTest {
  private EdgeHouse house = new EdgeHouse();

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

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.error()).isEqualTo("busy");
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

  /** Sends requests that nobody answers. */
  private void askAndWait(int count) {
    IntStream.range(0, count)
      .mapToObj(i -> house.request(HttpMethod.GET, "/u/alice/x"))
      .forEach(request -> done(request.end()));
  }

  private void restart(Instances instances) {
    house.close();
    house = new EdgeHouse(instances);
  }
}
