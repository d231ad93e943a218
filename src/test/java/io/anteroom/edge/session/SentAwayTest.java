package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.Bus;
import io.anteroom.comfy.SocketMessage;
import io.anteroom.directory.Directory;
import io.anteroom.edge.session.CloseReason.PendingCloses;
import io.anteroom.edge.session.Session.Listener;
import io.anteroom.edge.session.SessionRegistry.Arrival;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Between the node's goodbye to a browser and the browser's own, a run may end. */
class SentAwayTest {
  private static final int PATIENCE_MS = 60_000;
  private static final int FINAL_CLOSE = 0x88;
  private static final WebSocketMessage NO_NODE_RUNS = WebSocketMessage.text("""
    {"type":"executing","data":{"node":null,"prompt_id":"0c5ee0a4-7f6e-4a0b-9d0c-3f8a4f9b8d10"}}""");

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Promise<Void> unwelcome = Promise.promise();
  private final Session session = new Session(
    new SessionContext(vertx, context, new Bus(vertx), vertx.createWebSocketClient(), new PendingCloses(),
      () -> new Directory(List.of(), List.of()), Duration.ofMinutes(1)),
    "alice", "alice-1", new Nobody());

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void anEndThatCameAfterTheGoodbyeIsKeptForTheNextBrowser() throws IOException {
    try (Socket silent = new Socket("127.0.0.1", listen().actualPort())) {
      silent.setSoTimeout(PATIENCE_MS);
      silent.getOutputStream().write("""
        GET / HTTP/1.1\r
        Host: lab\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r
        """.getBytes(US_ASCII));
      until(() -> !here(session::isIdle));

      unwelcome.complete();
      readGoodbye(silent.getInputStream());
      here(() -> {
        session.forward(NO_NODE_RUNS, Optional.of(SocketMessage.of(NO_NODE_RUNS.content())));
        return true;
      });

      assertThat(here(session::left).latest()).containsExactly(NO_NODE_RUNS.text());
    }
  }

  private HttpServer listen() {
    return done(vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
      .requestHandler(request -> request.toWebSocket()
        .map(socket -> new BrowserSocket(socket, unwelcome.future()))
        .onSuccess(browser -> context.runOnContext(here ->
          session.join(browser, Arrival.withoutBrowser("alice", "alice-1")))))
      .listen());
  }

  /** The frame is there; it is not answered. */
  private static void readGoodbye(InputStream from) throws IOException {
    int read = from.read();
    while (read != FINAL_CLOSE) {
      assertThat(read).as("the goodbye comes").isNotNegative();
      read = from.read();
    }
  }

  private <T> T here(Supplier<T> question) {
    return done(Future.future(answered -> context.runOnContext(here -> answered.complete(question.get()))));
  }

  /** Lets it live. */
  private record Nobody() implements Listener {
    @Override
    public void idle(Session session) { }

    @Override
    public void expired(Session session) { }
  }
}
