package io.anteroom.simulator.execution;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sockets by client id. Reproduces ComfyUI's bug: a closing socket unregisters its id even if a newer socket
 * uses it, which then receives nothing.
 */
public final class Sockets {

  private static final Logger log = LoggerFactory.getLogger(Sockets.class);

  private static final short MESSAGE_TOO_BIG = 1009;

  private final Map<String, ServerWebSocket> sockets = new LinkedHashMap<>();
  private final Map<String, JsonObject> flags = new LinkedHashMap<>();
  private final ComfyLoop loop;

  Sockets(ComfyLoop loop) {
    this.loop = loop;
  }

  public void join(String clientId, ServerWebSocket socket, Greeting greeting) {
    String sid = clientId.isEmpty() ? UUID.randomUUID().toString().replace("-", "") : clientId;
    sockets.put(sid, socket);
    flags.put(sid, new JsonObject());
    socket.closeHandler(closed -> leave(sid));
    socket.exceptionHandler(broken -> end(sid, socket, broken));
    socket.textMessageHandler(new FirstMessage(sid, greeting.serverFlags())::receive);
    send(socket, "status", greeting.status().put("sid", sid));
    greeting.nowExecuting(sid).ifPresent(node -> send(socket, "executing", JsonObject.of("node", node)));
  }

  void toAll(String type, JsonObject data) {
    to(null, type, data);
  }

  /** Sends to one client, or to all if the client is null. Ignores an id without a socket. */
  void to(Object client, String type, JsonObject data) {
    String text = message(type, data);
    loop.run(() -> listeners(client).forEach(socket -> write(socket, WebSocketFrame.textFrame(text, true))));
  }

  void to(Object client, Buffer bytes) {
    loop.run(() -> listeners(client).forEach(socket -> write(socket, WebSocketFrame.binaryFrame(bytes, true))));
  }

  boolean wantsPreviewMetadata(Object client) {
    return client instanceof String && flags.containsKey(client)
      && Boolean.TRUE.equals(flags.get(client).getValue("supports_preview_metadata"));
  }

  /** A socket mostly breaks by a message larger than aiohttp accepts. */
  private static void end(String sid, ServerWebSocket socket, Throwable broken) {
    log.debug("A simulated socket broke: client_id={}", sid, broken);
    socket.close(MESSAGE_TOO_BIG).onFailure(cause -> log.debug("It was already closed: client_id={}", sid, cause));
  }

  private List<ServerWebSocket> listeners(Object client) {
    if (client == null) {
      return List.copyOf(sockets.values());
    }
    return Optional.ofNullable(sockets.get(client)).stream().toList();
  }

  private void leave(String sid) {
    sockets.remove(sid);
    flags.remove(sid);
  }

  private static void send(ServerWebSocket socket, String type, JsonObject data) {
    write(socket, WebSocketFrame.textFrame(message(type, data), true));
  }

  private static String message(String type, JsonObject data) {
    return JsonObject.of("type", type, "data", data).encode();
  }

  private static void write(ServerWebSocket socket, WebSocketFrame frame) {
    if (!socket.isClosed()) {
      socket.writeFrame(frame).onFailure(cause -> log.debug("Could not send to a simulated socket", cause));
    }
  }

  /** The first message of a new socket. */
  public interface Greeting {

    JsonObject status();

    JsonObject serverFlags();

    /** The current node, if this client's prompt is running. */
    Optional<String> nowExecuting(String clientId);
  }

  /** Only the first JSON message of a connection may carry the client's feature flags. */
  private final class FirstMessage {

    private final String sid;
    private final JsonObject serverFlags;
    private boolean over;

    FirstMessage(String sid, JsonObject serverFlags) {
      this.sid = sid;
      this.serverFlags = serverFlags;
    }

    void receive(String text) {
      Object said;
      try {
        said = Json.decodeValue(text);
      } catch (DecodeException e) {
        return;
      }
      if (!over && flags.containsKey(sid) && said instanceof JsonObject message
        && "feature_flags".equals(message.getValue("type"))
        && message.getValue("data", new JsonObject()) instanceof JsonObject clientFlags) {
        flags.put(sid, clientFlags);
        to(sid, "feature_flags", serverFlags);
      }
      over = true;
    }
  }
}
