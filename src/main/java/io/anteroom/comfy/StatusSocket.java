package io.anteroom.comfy;

import io.anteroom.comfy.http.HttpClients;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.config.Settings;
import io.anteroom.directory.Instance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;

/**
 * Subscribes to the status broadcasts of an instance, to learn at once when a run may have begun or ended. Only a hint:
 * polling finds what it misses.
 */
public final class StatusSocket {
  /** Enough for the broadcasts of custom nodes; nothing of them is kept. */
  private static final int MAX_FRAME = 16 * 1024 * 1024;

  /** Occurs near the start of a status message, with any white space around it. */
  private static final String STATUS = "\"status\"";
  private static final int MAX_OFFSET = 32;

  private static final int MAX_CONNECTIONS = 10_000;

  private final WebSocketClient client;

  public StatusSocket(Vertx vertx, Settings.Instances settings) {
    client = vertx.createWebSocketClient(settings.trust().applyTo(new WebSocketClientOptions())
      .setConnectTimeout((int) settings.connectTimeout().toMillis())
      .setMaxConnections(MAX_CONNECTIONS)
      .setMaxFrameSize(MAX_FRAME)
      .setMaxMessageSize(MAX_FRAME));
  }

  /**
   * Listens until the result is closed.
   *
   * @param clientId an id that no browser has: an instance knows one socket per id
   * @param hint     called for every {@code status} broadcast
   * @param closed   called once when it ends, for whatever reason
   */
  public Future<Listening> listen(Instance instance, String clientId, Runnable hint, Runnable closed) {
    WebSocketConnectOptions options = HttpClients.directTo(instance, ComfyProtocol.SOCKET + "?clientId=" + clientId,
      new WebSocketConnectOptions());
    return client.connect(options).map(socket -> {
      socket.frameHandler(frame -> hintOf(frame, hint));
      socket.exceptionHandler(failure -> socket.close());
      socket.closeHandler(ended -> closed.run());
      return new Listening(socket);
    });
  }

  /** An open subscription. */
  public record Listening(WebSocket socket) {
    public Future<Void> close() {
      return socket.close();
    }
  }

  private static void hintOf(WebSocketFrame frame, Runnable hint) {
    if (frame.isText() && frame.textData().lastIndexOf(STATUS, MAX_OFFSET) >= 0) {
      hint.run();
    }
  }
}
