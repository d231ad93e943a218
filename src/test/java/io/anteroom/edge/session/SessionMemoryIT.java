package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.admission.EdgeProcess;
import io.anteroom.support.server.SmallInstance;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A lecture hall of pages that are open and do nothing, at one edge in a process of its own. */
class SessionMemoryIT {
  private static final int SESSIONS = 1_000;
  private static final int WARM = 20;
  private static final long MOST_EACH = 64 << 10;
  private static final String FLAGS = "{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}";

  private final Vertx vertx = Vertx.vertx();
  private final SmallInstance comfy = new SmallInstance(vertx);
  private final WebSocketClient sockets =
    vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(Integer.MAX_VALUE));
  private final AtomicInteger flagsAnswered = new AtomicInteger();

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  @Test
  void anIdleSessionWithBothItsSocketsCostsAtMost64KbOfHeap() throws IOException {
    comfy.onSocket(socket -> socket.textMessageHandler(flags -> socket.writeTextMessage(flags)));
    try (EdgeProcess edge = new EdgeProcess(comfy.url(), SESSIONS + WARM, "-Xmx512m", "-XX:TieredStopAtLevel=1")) {
      open(edge.port, 1, WARM);
      long before = edge.heapUsed();

      open(edge.port, WARM, SESSIONS + WARM);

      long each = (edge.heapUsed() - before) / SESSIONS;
      System.out.printf("edge: %.1f MB of heap at rest, %.1f KB for each idle session%n", before / 1e6, each / 1e3);
      assertThat(each).isLessThan(MOST_EACH);
      assertThat(comfy.sockets()).hasSize(SESSIONS + WARM - 1).noneMatch(WebSocket::isClosed);
    }
  }

  private void open(int port, int from, int to) {
    for (int i = from; i < to; i++) {
      WebSocket tab = done(sockets.connect(new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port)
        .setURI("/u/s" + i + "/ws?clientId=").setAllowOriginHeader(false)));
      tab.textMessageHandler(message -> flagsAnswered.addAndGet(message.contains("feature_flags") ? 1 : 0));
      tab.writeTextMessage(FLAGS);
    }
    until(() -> flagsAnswered.get() == to - 1);
  }
}
