package io.anteroom.trial.generator;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.function.Consumer;

/** The socket of a student's page: stays open until the page is reloaded or its node is gone. */
public final class PageState {
  private final WebSocketClient sockets;
  private final String user;
  private final String clientId;
  private final Consumer<String> shown;
  private WebSocket open;
  private boolean opening;

  /** @param shown called with the id of every task that the socket mentions */
  public PageState(WebSocketClient sockets, String user, Consumer<String> shown) {
    this.sockets = sockets;
    this.user = user;
    this.clientId = "page-of-" + user;
    this.shown = shown;
  }

  /** What opens the sockets of many pages. */
  public static WebSocketClient sockets(Vertx vertx) {
    return vertx.createWebSocketClient(new WebSocketClientOptions()
      .setMaxConnections(Integer.MAX_VALUE).setConnectTimeout(3_000));
  }

  String clientId() {
    return clientId;
  }

  /** Opens it at this address unless it is open; does not wait. */
  synchronized void openAt(String url) {
    if (opening || open != null && !open.isClosed()) {
      return;
    }
    opening = true;
    URI node = URI.create(url);
    sockets.connect(new WebSocketConnectOptions().setHost(node.getHost()).setPort(node.getPort())
      .setURI("/u/" + user + "/ws?clientId=" + clientId).setAllowOriginHeader(false).setTimeout(5_000))
      .onComplete(this::opened, failure -> opened(null));
  }

  /** As a reload does: the socket goes, the next one has the same client id. */
  synchronized void close() {
    if (open != null) {
      open.close().onFailure(failure -> { });
      open = null;
    }
  }

  private synchronized void opened(WebSocket socket) {
    opening = false;
    open = socket;
    if (socket != null) {
      socket.textMessageHandler(this::onMessage);
    }
  }

  private void onMessage(String message) {
    JsonObject data = new JsonObject(message).getJsonObject("data");
    if (data != null && data.getValue("prompt_id") instanceof String task) {
      shown.accept(task);
    }
  }
}
