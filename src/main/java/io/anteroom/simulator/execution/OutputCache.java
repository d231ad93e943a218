package io.anteroom.simulator.execution;

import io.anteroom.simulator.execution.NodeExecution.NodeWork;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Caches the outputs of the last prompt: a node with the same inputs is not executed again. */
public final class OutputCache {

  private Map<String, JsonObject> results = new HashMap<>();
  private Map<String, String> signatures = new HashMap<>();

  /** Starts a new graph; returns the cached ids in the graph's order, and forgets all other results. */
  Set<String> open(JsonObject graph) {
    signatures = new HashMap<>();
    Map<String, JsonObject> kept = new HashMap<>();
    Set<String> cached = new LinkedHashSet<>();
    for (String id : graph.fieldNames()) {
      String signature = signature(graph, id);
      if (results.containsKey(signature)) {
        cached.add(id);
        kept.put(signature, results.get(signature));
      }
    }
    results = kept;
    return cached;
  }

  void put(String id, JsonObject shown) {
    if (!signatures.get(id).isEmpty()) {
      results.put(signatures.get(id), shown);
    }
  }

  /** The UI output of a cached node, if it has one. */
  Optional<JsonObject> shownBy(String id) {
    return Optional.ofNullable(results.get(signatures.get(id))).filter(shown -> !shown.isEmpty());
  }

  public void clear() {
    results.clear();
  }

  /** Empty for a node that is never cached, and for all that depend on it. */
  private String signature(JsonObject graph, String id) {
    String known = signatures.get(id);
    if (known != null) {
      return known;
    }
    signatures.put(id, "");
    JsonObject node = graph.getJsonObject(id);
    String name = String.valueOf(node.getValue("class_type"));
    Map<String, Object> inputs = new LinkedHashMap<>();
    boolean cachable = !NodeWork.isAlwaysNew(name);
    for (Map.Entry<String, Object> input : node.getJsonObject("inputs", new JsonObject())) {
      Object value = input.getValue();
      if (value instanceof JsonArray link && link.size() == 2 && graph.containsKey(String.valueOf(link.getValue(0)))) {
        String from = signature(graph, String.valueOf(link.getValue(0)));
        cachable &= !from.isEmpty();
        value = JsonArray.of(from, link.getValue(1));
      }
      inputs.put(input.getKey(), value);
    }
    String signature = cachable ? digest(name + new JsonObject(inputs).encode()) : "";
    signatures.put(id, signature);
    return signature;
  }

  private static String digest(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
