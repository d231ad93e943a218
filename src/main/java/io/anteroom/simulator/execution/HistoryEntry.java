package io.anteroom.simulator.execution;

import io.anteroom.simulator.ledger.Run;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Writes what {@code /history} keeps of a prompt that has ended. */
final class HistoryEntry {

  private HistoryEntry() {
  }

  static JsonObject of(QueuedPrompt prompt, JsonObject shown, Run.Outcome outcome, JsonArray chapters) {
    boolean completed = outcome == Run.Outcome.SUCCESS;
    JsonObject meta = new JsonObject();
    shown.fieldNames().forEach(node -> meta.put(node, JsonObject.of("node_id", node, "display_node", node,
      "parent_node", null, "real_node_id", node)));
    return new JsonObject()
      .put("prompt", prompt.toJson())
      .put("outputs", shown)
      .put("status", JsonObject.of("status_str", completed ? "success" : "error", "completed", completed,
        "messages", chapters))
      .put("meta", meta);
  }
}
