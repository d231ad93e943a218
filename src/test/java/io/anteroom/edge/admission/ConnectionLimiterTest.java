package io.anteroom.edge.admission;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.attack.Attack;
import io.anteroom.config.Settings.Front;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.net.CidrRange;
import io.anteroom.support.client.RawClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that ask for nothing end, those that wait for an answer or have become sockets do not. */
class ConnectionLimiterTest {
  private static final int MOST = 5;
  private static final int MOST_OF_A_PROXY = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  /** More than the buffers of a connection hold. */
  private static final int LARGE = 32 << 20;

  private final Vertx vertx = Vertx.vertx();
  private final ConcurrencyLimiter open = new ConcurrencyLimiter("connections", MOST);
  private final ConcurrencyLimiter ofProxies = new ConcurrencyLimiter("connections", MOST_OF_A_PROXY);
  private final List<HttpServerRequest> waiting = new CopyOnWriteArrayList<>();
  private ConnectionLimiter connections = new ConnectionLimiter(open, ofProxies, new ClientResolver(Front.NOTHING),
    PATIENCE);
  private HttpServer server = begin();

  private HttpServer begin() {
    return done(Future.<HttpServer>future(here -> vertx.runOnContext(go -> listen().onComplete(here))));
  }

  private Future<HttpServer> listen() {
    connections.start(vertx);
    // As the edge is: else a connection is none before its first bytes have shown whether it begins with HTTP/2.
    return vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
      .connectionHandler(connections::admit).requestHandler(this::answer).listen(0, "127.0.0.1");
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Attack(30)
  @ParameterizedTest
  @ValueSource(strings = {"", "GET / HTTP/1.1\r\n", "GET /now HTTP/1.1\r\nHost: lab\r\n\r\n",
    "GET /now HTTP/1.1\r\nHost: lab\r\n\r\nGET"})
  void aHeaderThatNeverEndsEndsItsConnection(String begun) throws IOException {
    try (RawClient client = new RawClient(server.actualPort())) {
      client.say(begun);

      // So slowly that its header does not become too long meanwhile.
      await().atMost(PATIENCE.multipliedBy(15)).pollInterval(Duration.ofMillis(250)).until(() -> !client.canSay("x"));
    }
    until(() -> open.of("127.0.0.1") == 0);
  }

  @Test
  void whoeverWaitsForAnAnswerOrHasASocketIsLeftInPeace() throws IOException {
    WebSocketClient sockets = vertx.createWebSocketClient();
    done(sockets.connect(server.actualPort(), "127.0.0.1", "/socket").transform(warmedUp -> Future.succeededFuture()));
    WebSocket socket = done(sockets.connect(server.actualPort(), "127.0.0.1", "/socket"));
    try (RawClient client = new RawClient(server.actualPort())) {
      client.say("GET /later HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n");
      until(() -> waiting.size() == 1);
      anotherOneHasBeenSentAway();

      waiting.get(0).response().end("late");

      assertThat(client.rest()).endsWith("late");
    }
    assertThat(socket.isClosed()).isFalse();
    done(socket.close());
    done(sockets.close());
    until(() -> open.of("127.0.0.1") == 0);
  }

  @Attack(30)
  @Test
  void oneAddressGetsSoManyAndNoMore() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      clients.add(new RawClient(server.actualPort()).say("GET /later HTTP/1.1\r\nHost: lab\r\n\r\n"));
    }
    until(() -> waiting.size() == MOST);

    assertThat(RawClient.ask(server.actualPort(), "GET /now HTTP/1.1\r\nHost: lab\r\n\r\n")).isEmpty();

    clients.get(0).close();
    until(() -> open.of("127.0.0.1") == MOST - 1);
    assertThat(RawClient.ask(server.actualPort(), "GET /now HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n"))
      .endsWith("now");
    for (RawClient client : clients) {
      client.close();
    }
  }

  /** Each holds what answers it: memory here, or a connection to an instance. */
  @Attack(30)
  @ParameterizedTest
  @ValueSource(strings = {"/whole", "/streamed"})
  void whoDoesNotReadTheirAnswerIsHungUpOn(String path) throws IOException {
    try (RawClient client = new RawClient(server.actualPort())) {
      client.say("GET " + path + " HTTP/1.1\r\nHost: lab\r\n\r\n");

      until(() -> !waiting.isEmpty() && open.of("127.0.0.1") == 0);
    }
  }

  @Test
  void whoReadsSlowlyButSteadilyGetsAll() throws IOException {
    try (RawClient client = new RawClient(server.actualPort())) {
      client.say("GET /whole HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n");

      long read = client.drain(LARGE / 40, Duration.ofMillis(100));

      assertThat(read).isGreaterThan(LARGE);
    }
  }

  /** All of a lab come by it; how much each of them has under way is judged when he asks. */
  @Test
  void aListedProxyGetsManyMoreAndNoMoreThanThat() throws IOException {
    connections = new ConnectionLimiter(open, ofProxies,
      new ClientResolver(new Front(Optional.empty(), List.of(CidrRange.of("127.0.0.1").orElseThrow()))), PATIENCE);
    server = begin();
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < MOST_OF_A_PROXY; i++) {
      clients.add(new RawClient(server.actualPort()).say("GET /later HTTP/1.1\r\nHost: lab\r\n\r\n"));
    }
    until(() -> waiting.size() == MOST_OF_A_PROXY);

    assertThat(RawClient.ask(server.actualPort(), "GET /now HTTP/1.1\r\nHost: lab\r\n\r\n")).isEmpty();

    for (RawClient client : clients) {
      client.close();
    }
    until(() -> ofProxies.of("127.0.0.1") == 0);
    assertThat(open.of("127.0.0.1")).isZero();
  }

  /** Twice, so that whoever was there before has been looked at in between. */
  private void anotherOneHasBeenSentAway() throws IOException {
    for (int i = 0; i < 2; i++) {
      try (RawClient idle = new RawClient(server.actualPort())) {
        assertThat(idle.rest()).isEmpty();
      }
    }
  }

  private void answer(HttpServerRequest request) {
    connections.begin(request);
    switch (request.path()) {
      case "/later" -> {
        waiting.add(request);
        request.response().endHandler(sent -> connections.end(request));
      }
      case "/whole" -> {
        waiting.add(request);
        request.response().end(Buffer.buffer(new byte[LARGE])).onComplete(sent -> connections.end(request));
      }
      case "/streamed" -> {
        waiting.add(request);
        request.response().setChunked(true);
        pour(request);
      }
      case "/socket" -> request.toWebSocket().onComplete(socket -> connections.end(request));
      default -> request.response().end("now").onComplete(sent -> connections.end(request));
    }
  }

  private static void pour(HttpServerRequest request) {
    while (!request.response().writeQueueFull()) {
      request.response().write(Buffer.buffer(new byte[64 << 10]));
    }
    request.response().drainHandler(taken -> pour(request));
  }
}
