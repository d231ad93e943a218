package io.anteroom.simulator.execution;

import io.anteroom.simulator.comfyui.PythonText;
import io.anteroom.simulator.comfyui.PythonText.PythonError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sends the events of one prompt to its owner's socket; without an owner, progress goes to all sockets and other events
 * to none. Keeps the events for the history.
 */
final class ExecutionEvents {

  private static final int PREVIEW = 1;
  private static final int PREVIEW_WITH_METADATA = 4;
  private static final int PNG = 2;

  private final Sockets sockets;
  private final Clock clock;
  private final String promptId;
  private final Object owner;
  private final JsonArray historyEvents = new JsonArray();

  ExecutionEvents(Sockets sockets, Clock clock, QueuedPrompt prompt) {
    this.sockets = sockets;
    this.clock = clock;
    this.promptId = prompt.id();
    this.owner = prompt.clientId();
    if (owner instanceof JsonArray || owner instanceof JsonObject) {
      throw PythonError.type("unhashable type: " + PythonText.repr(PythonText.typeName(owner)));
    }
  }

  /** Sends an event and keeps it for the history. */
  JsonArray historyEvents() {
    return historyEvents;
  }

  boolean isOwnedBy(String clientId) {
    return clientId.equals(owner);
  }

  void historyEvent(String type, JsonObject data) {
    ownerOnly(type, recorded(type, data));
  }

  /** Sends an event to the owner, or to all sockets without one. */
  void broadcastEvent(String type, JsonObject data) {
    sockets.to(owner, type, recorded(type, data));
  }

  void executing(String node) {
    ownerOnly("executing", JsonObject.of("node", node, "display_node", node, "prompt_id", promptId));
  }

  /** The very last event of a prompt. */
  void over() {
    ownerOnly("executing", JsonObject.of("node", null, "prompt_id", promptId));
  }

  void executed(String node, JsonObject shown) {
    ownerOnly("executed", JsonObject.of("node", node, "display_node", node, "output", shown, "prompt_id", promptId));
  }

  void state(NodeProgress progress) {
    sockets.to(owner, "progress_state", progress.toJson());
  }

  void progress(String node, Number value, Number max) {
    sockets.to(owner, "progress", JsonObject.of("value", value, "max", max, "prompt_id", promptId, "node", node));
  }

  boolean tellsPreviewsWithMetadata() {
    return sockets.wantsPreviewMetadata(owner);
  }

  void preview(Buffer picture) {
    sockets.to(owner, Buffer.buffer().appendInt(PREVIEW).appendInt(PNG).appendBuffer(picture));
  }

  void previewWithMetadata(String node, Buffer picture) {
    Buffer about = JsonObject.of("node_id", node, "prompt_id", promptId, "display_node_id", node,
      "parent_node_id", null, "real_node_id", node).put("image_type", "image/png").toBuffer();
    sockets.to(owner, Buffer.buffer().appendInt(PREVIEW_WITH_METADATA).appendInt(about.length()).appendBuffer(about)
      .appendBuffer(picture));
  }

  private JsonObject recorded(String type, JsonObject data) {
    JsonObject stamped = data.put("timestamp", clock.millis());
    historyEvents.add(JsonArray.of(type, stamped));
    return stamped;
  }

  private void ownerOnly(String type, JsonObject data) {
    if (owner != null) {
      sockets.to(owner, type, data);
    }
  }

  /** The progress of each node of the running prompt, for {@code progress_state}. */
  static final class NodeProgress {

    private final String promptId;
    private final Map<String, State> states = new LinkedHashMap<>();

    NodeProgress(String promptId) {
      this.promptId = promptId;
    }

    void start(String node) {
      states.put(node, new State(0.0, 1.0, "running"));
    }

    void advance(String node, Number value, Number max) {
      states.put(node, new State(value, max, "running"));
    }

    /** Also called for a cached node that never started. */
    void finish(String node) {
      Number max = states.containsKey(node) ? states.get(node).max() : 1;
      states.put(node, new State(max, max, "finished"));
    }

    JsonObject toJson() {
      JsonObject nodes = new JsonObject();
      states.forEach((node, state) -> nodes.put(node, new JsonObject()
        .put("value", state.value())
        .put("max", state.max())
        .put("state", state.name())
        .put("node_id", node)
        .put("prompt_id", promptId)
        .put("display_node_id", node)
        .put("parent_node_id", null)
        .put("real_node_id", node)));
      return JsonObject.of("prompt_id", promptId, "nodes", nodes);
    }

    private record State(Number value, Number max, String name) {
    }
  }
}
