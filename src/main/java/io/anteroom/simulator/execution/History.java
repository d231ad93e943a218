package io.anteroom.simulator.execution;

import io.anteroom.simulator.ledger.RunLedger.Run;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The ended prompts, oldest first. */
public final class History {

  private final Map<String, JsonObject> entries = new LinkedHashMap<>();
  private final int max;

  History(int max) {
    this.max = max;
  }

  /** An id that ran before keeps its position. */
  void add(String id, JsonObject entry) {
    if (entries.size() >= max) {
      entries.remove(entries.keySet().iterator().next());
    }
    entries.put(id, entry);
  }

  public void delete(Object id) {
    entries.remove(id);
  }

  public void clear() {
    entries.clear();
  }

  public Optional<JsonObject> find(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  public Collection<JsonObject> entries() {
    return entries.values();
  }

  /** {@code GET /history/{id}}: an unknown id is an empty object. */
  public JsonObject toJson(String id) {
    JsonObject found = new JsonObject();
    find(id).ifPresent(entry -> found.put(id, entry));
    return found;
  }

  /** {@code GET /history}: max_items alone takes the last ones, an offset counts from the oldest. */
  public JsonObject toJson(OptionalInt maxItems, OptionalInt offset) {
    int start = offset.orElse(-1);
    if (start < 0 && maxItems.isPresent()) {
      start = entries.size() - maxItems.getAsInt();
    }
    JsonObject page = new JsonObject();
    int at = 0;
    for (Map.Entry<String, JsonObject> entry : entries.entrySet()) {
      if (at++ >= start) {
        page.put(entry.getKey(), entry.getValue());
        if (maxItems.isPresent() && page.size() >= maxItems.getAsInt()) {
          break;
        }
      }
    }
    return page;
  }

  /** Builds the entry of an ended prompt in {@code /history}. */
  static final class HistoryEntry {

    private HistoryEntry() {
    }

    static JsonObject of(QueuedPrompt prompt, JsonObject shown, Run.Outcome outcome, JsonArray events) {
      boolean completed = outcome == Run.Outcome.SUCCESS;
      JsonObject meta = new JsonObject();
      shown.fieldNames().forEach(node -> meta.put(node, JsonObject.of("node_id", node, "display_node", node,
        "parent_node", null, "real_node_id", node)));
      return new JsonObject()
        .put("prompt", prompt.toJson())
        .put("outputs", shown)
        .put("status", JsonObject.of("status_str", completed ? "success" : "error", "completed", completed,
          "messages", events))
        .put("meta", meta);
    }
  }
}
