package io.anteroom.simulator;

import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The prompts that have ended, oldest first. */
final class History {

  private final Map<String, JsonObject> entries = new LinkedHashMap<>();
  private final int max;

  History(int max) {
    this.max = max;
  }

  /** An id that ran before keeps its old place. */
  void add(String id, JsonObject entry) {
    if (entries.size() >= max) {
      entries.remove(entries.keySet().iterator().next());
    }
    entries.put(id, entry);
  }

  void delete(Object id) {
    entries.remove(id);
  }

  void clear() {
    entries.clear();
  }

  Optional<JsonObject> find(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  Collection<JsonObject> entries() {
    return entries.values();
  }

  /** {@code GET /history/{id}}: an unknown id is an empty object. */
  JsonObject toJson(String id) {
    JsonObject found = new JsonObject();
    find(id).ifPresent(entry -> found.put(id, entry));
    return found;
  }

  /** {@code GET /history}: max_items alone are the last ones, an offset counts from the oldest. */
  JsonObject toJson(OptionalInt maxItems, OptionalInt offset) {
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
}
