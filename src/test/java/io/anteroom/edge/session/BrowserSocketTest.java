package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrowserSocketTest {
  private static final int MANY = 64;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final WebSocketClient client =
    vertx.createWebSocketClient(new WebSocketClientOptions().setMaxFrameSize(2 << 20));
  private final AtomicReference<BrowserSocket> browser = new AtomicReference<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private WebSocket tab;

  @BeforeEach
  void open() {
    HttpServer server = done(vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
      .requestHandler(request -> request.toWebSocket()
        .map(socket -> new BrowserSocket(socket, Promise.<Void>promise().future())).onSuccess(browser::set)).listen());
    tab = done(client.connect(server.actualPort(), "127.0.0.1", "/"));
    tab.textMessageHandler(heard::add);
    until(() -> browser.get() != null);
    here(() -> browser.get().bind(context, said -> heard.add("said " + said.text()), () -> { }));
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void whatIsToldBeforeTheGreetingFollowsIt() {
    here(() -> {
      browser.get().send(WebSocketMessage.text("early"));
      browser.get().greet(List.of(WebSocketMessage.text("hello"), WebSocketMessage.text("so it stands")));
      browser.get().greet(List.of(WebSocketMessage.text("again")));
      browser.get().send(WebSocketMessage.text("late"));
    });

    until(() -> heard.size() == 4);
    assertThat(heard).containsExactly("hello", "so it stands", "early", "late");
  }

  @Test
  void aBrowserThatTakesNothingAnyMoreIsLetGo() {
    tab.pause();
    here(() -> browser.get().greet(List.of()));
    here(() -> pour(MANY));

    until(() -> {
      here(() -> browser.get().ping());
      return browser.get().gone().isComplete();
    });
  }

  @Test
  void aBrowserThatIsOnlySlowIsNot() {
    tab.pause();
    here(() -> browser.get().greet(List.of()));
    here(() -> pour(MANY));
    here(() -> browser.get().ping());

    tab.resume();
    until(() -> !isFull());
    here(() -> pour(MANY));
    here(() -> browser.get().ping());

    until(() -> !isFull());
    assertThat(browser.get().gone().isComplete()).isFalse();
  }

  private void pour(int mebibytes) {
    for (int i = 0; i < mebibytes; i++) {
      browser.get().send(new WebSocketMessage(false, Buffer.buffer(new byte[1 << 20])));
    }
  }

  private boolean isFull() {
    return done(Future.future(known -> context.runOnContext(here -> known.complete(browser.get().isFull()))));
  }

  private void here(Runnable step) {
    done(Future.<Void>future(over -> context.runOnContext(here -> {
      step.run();
      over.complete();
    })));
  }
}
