package io.anteroom.edge.proxy;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.config.Settings.Instances;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.support.client.RawClient;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alice and bobby share an instance: whatever one of them holds up, the other is served as before. */
class SharedConnectionsTest {
  private static final int CONNECTIONS = 8;
  private static final String STALLED = "POST /u/alice/upload/image HTTP/1.1\r\nHost: localhost\r\n"
    + "Connection: close\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n--x\r\n";

  private final EdgeFixture house =
    new EdgeFixture(new Instances(Duration.ofSeconds(2), Duration.ofSeconds(6), Duration.ofSeconds(10), CONNECTIONS));
  private final List<RawClient> clients = new ArrayList<>();
  private final AtomicInteger reached = new AtomicInteger();

  @AfterEach
  void close() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
    house.close();
  }

  @Attack(30)
  @Test
  void uploadsThatStandStillHoldUpTheirSenderAlone() throws IOException {
    house.comfy.answers("/upload/image", request -> {
      reached.incrementAndGet();
      request.body().onSuccess(body -> request.response().end());
    });
    hold(3 * CONNECTIONS, STALLED);
    until(() -> reached.get() == CONNECTIONS / 2);

    for (int i = 0; i < 20; i++) {
      assertThat(house.get("/u/bobby/x").status()).isEqualTo(200);
    }

    assertThat(reached.get()).as("uploads at the instance").isEqualTo(CONNECTIONS / 2);
    assertThat(clients.get(0).rest()).contains("HTTP/1.1 400 ", "invalid_request", "The upload was slower than");
    assertThat(house.tally.read().getOrDefault("edge_upstream_failures", 0L)).isZero();
  }

  /** Its place is its sender's again: the next of theirs goes on. */
  @Attack(30)
  @Test
  void anUploadThatStandsStillIsGivenUp() throws IOException {
    house.comfy.answers("/upload/image", request -> request.body().onSuccess(body -> request.response().end("kept")));
    hold(CONNECTIONS / 2, STALLED);

    Reply answer = house.ask(HttpMethod.POST, "/u/alice/upload/image", Buffer.buffer("a picture"));

    assertThat(answer.text()).isEqualTo("kept");
  }

  /** What counts is who is slow: here it is the instance that takes nothing for a while. */
  @Test
  void aSlowInstanceIsNotTheSendersFault() {
    house.comfy.answers("/slow", request -> {
      request.pause();
      house.vertx.setTimer(5_000, later -> request.resume());
      request.body().onSuccess(body -> request.response().end(String.valueOf(body.length())));
    });

    Reply answer = house.ask(HttpMethod.POST, "/u/alice/slow", Buffer.buffer(new byte[20 << 20]));

    assertThat(answer.text()).isEqualTo(String.valueOf(20 << 20));
  }

  /** A part of these reads it whole before it answers; the other streams it. */
  @Attack(30)
  @ParameterizedTest
  @ValueSource(strings = {"/down", "/history", "/api/jobs", "/extensions"})
  void whoReadsNothingHoldsUpNobodyElse(String path) throws IOException {
    house.bus.serve(StatusServices.USER, about -> Future.succeededFuture(new Answer(List.of(), "0", 0)));
    house.comfy.answers("/down", request -> request.response().end(Buffer.buffer(new byte[8 << 20])));
    for (String list : List.of("/history", "/api/jobs", "/extensions")) {
      house.comfy.answers(list, request -> { });
    }
    hold(3 * CONNECTIONS, "GET /u/alice" + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    until(() -> house.tally.read().getOrDefault("edge_requests", 0L) >= 3 * CONNECTIONS);

    assertThat(house.get("/u/bobby/x").status()).isEqualTo(200);
    house.comfy.answers(path, request -> request.response().end("[]"));
    long began = System.nanoTime();
    assertThat(house.get("/u/bobby" + path).status()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
  }

  private void hold(int count, String request) throws IOException {
    for (int i = 0; i < count; i++) {
      clients.add(new RawClient(house.settings.http().port()).say(request));
    }
  }
}
