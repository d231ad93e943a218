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
 * Listens at an instance for its broadcasts, to learn at once when a run may have begun or ended. Only a hint: what it
 * misses is found by asking.
 */
public final class StatusSocket {
  /** Room for what custom nodes broadcast; nothing of it is kept. */
  private static final int LARGEST_FRAME = 16 * 1024 * 1024;

  /** Stands at the beginning of a status message, whatever white space is put around it. */
  private static final String STATUS = "\"status\"";
  private static final int BEGINNING = 32;

  private static final int FOR_ALL_INSTANCES = 10_000;

  private final WebSocketClient client;

  public StatusSocket(Vertx vertx, Settings.Instances settings) {
    client = vertx.createWebSocketClient(settings.trust().applyTo(new WebSocketClientOptions())
      .setConnectTimeout((int) settings.connectTimeout().toMillis())
      .setMaxConnections(FOR_ALL_INSTANCES)
      .setMaxFrameSize(LARGEST_FRAME)
      .setMaxMessageSize(LARGEST_FRAME));
  }

  /**
   * Listens until the answer is closed.
   *
   * @param clientId an id that no browser has: an instance knows one socket per id
   * @param hint     called for every {@code status} broadcast
   * @param closed   called once when it ended, whoever ended it
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

  /** A socket that listens. */
  public record Listening(WebSocket socket) {
    public Future<Void> close() {
      return socket.close();
    }
  }

  private static void hintOf(WebSocketFrame frame, Runnable hint) {
    if (frame.isText() && frame.textData().lastIndexOf(STATUS, BEGINNING) >= 0) {
      hint.run();
    }
  }
}
