package io.anteroom.edge;

import static io.anteroom.support.Awaited.done;

import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A browser's tab with an open socket. */
final class Tab {
  final List<WebSocketFrame> frames = new CopyOnWriteArrayList<>();
  volatile int closeCode;
  volatile String closeReason;
  private ClientWebSocket socket;

  static Tab open(WebSocketClient client, WebSocketConnectOptions where) {
    Tab tab = new Tab();
    tab.socket = client.webSocket();
    tab.socket.frameHandler(frame -> {
      if (!frame.isPing() && !frame.isClose()) {
        tab.frames.add(frame);
      }
    });
    tab.socket.closeHandler(closed -> {
      tab.closeReason = tab.socket.closeReason();
      tab.closeCode = tab.socket.closeStatusCode();
    });
    done(tab.socket.connect(where));
    return tab;
  }

  WebSocket socket() {
    return socket;
  }
}
