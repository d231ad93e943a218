package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;

import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A browser's tab with an open socket. */
public final class Tab {
  public final List<WebSocketFrame> frames = new CopyOnWriteArrayList<>();
  volatile boolean wasPinged;
  public volatile int closeCode;
  volatile String closeReason;
  private ClientWebSocket socket;

  public static Tab open(WebSocketClient client, WebSocketConnectOptions where) {
    Tab tab = new Tab();
    tab.socket = client.webSocket();
    tab.socket.frameHandler(frame -> {
      tab.wasPinged |= frame.isPing();
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

  public WebSocket socket() {
    return socket;
  }

  /** The code with which it was closed; 0 as long as it is not. */
  public int closeCode() {
    return closeCode;
  }

  /** All messages of JSON so far. */
  public List<JsonObject> told() {
    return frames.stream().filter(WebSocketFrame::isText).map(frame -> new JsonObject(frame.textData())).toList();
  }

  /** The data of all messages of this type so far. */
  public List<JsonObject> told(String type) {
    return told().stream().filter(message -> type.equals(message.getString("type")))
      .map(message -> message.getJsonObject("data")).toList();
  }

  /** Every {@code queue_remaining} so far. */
  public List<Integer> remaining() {
    return told("status").stream()
      .map(data -> data.getJsonObject("status").getJsonObject("exec_info").getInteger("queue_remaining")).toList();
  }

  /** The last of them, at one moment: another may come at any time. */
  public int lastRemaining() {
    List<Integer> all = remaining();
    return all.get(all.size() - 1);
  }

  /** The id that a page takes for its own; waits for it. */
  public String sid() {
    until(() -> !told("status").isEmpty());
    return told("status").get(0).getString("sid");
  }

  /** Returns once the instance has answered what its page can, so that nothing it tells from now on goes past us. */
  public Tab listens() {
    socket.writeTextMessage("{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}");
    return hears("feature_flags");
  }

  /** Waits for a message of this type. */
  public Tab hears(String type) {
    until(() -> !told(type).isEmpty());
    return this;
  }

  /** Waits for the last word about a run. */
  public Tab hearsTheEndOf(String task) {
    until(() -> told("executing").stream()
      .anyMatch(data -> data.getValue("node") == null && task.equals(data.getString("prompt_id"))));
    return this;
  }
}
