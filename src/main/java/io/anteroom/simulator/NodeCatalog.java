package io.anteroom.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The node classes that a simulated ComfyUI has installed; one catalog for all instances of a version. */
final class NodeCatalog {

  private static final JsonObject DEFINITIONS = new JsonObject(Resource.bytes("nodes.json"));

  private static final Map<ComfyVersion, NodeCatalog> CATALOGS = Arrays.stream(ComfyVersion.values())
    .collect(Collectors.toUnmodifiableMap(version -> version, NodeCatalog::new));

  private final Map<String, NodeClass> classes = new LinkedHashMap<>();
  private final JsonObject objectInfo = new JsonObject();

  private NodeCatalog(ComfyVersion version) {
    DEFINITIONS.forEach(entry -> {
      NodeClass nodeClass = NodeClass.of(entry.getKey(), (JsonObject) entry.getValue());
      classes.put(entry.getKey(), nodeClass);
      objectInfo.put(entry.getKey(), version.nodeInfo(entry.getKey(), nodeClass.toJson()));
    });
  }

  static NodeCatalog of(ComfyVersion version) {
    return CATALOGS.get(version);
  }

  Optional<NodeClass> find(Object name) {
    return name instanceof String ? Optional.ofNullable(classes.get(name)) : Optional.empty();
  }

  /** {@code GET /object_info}. */
  JsonObject toJson() {
    return objectInfo;
  }

  /** {@code GET /object_info/{class}}: an unknown class is an empty object. */
  JsonObject toJson(String name) {
    return objectInfo.containsKey(name)
      ? JsonObject.of(name, objectInfo.getJsonObject(name)) : new JsonObject();
  }

  /** What a node class takes and gives. */
  record NodeClass(String name, JsonObject definition, JsonObject required, JsonObject optional, JsonArray returns,
      boolean isOutput) {

    static NodeClass of(String name, JsonObject json) {
      return new NodeClass(name, json, json.getJsonObject("required"), json.getJsonObject("optional"),
        json.getJsonArray("output"), json.getBoolean("output_node"));
    }

    /** Every input that the class knows, required ones first. */
    JsonObject inputs() {
      return required.copy().mergeIn(optional);
    }

    JsonObject toJson() {
      JsonObject input = JsonObject.of("required", required);
      JsonObject order = JsonObject.of("required", names(required));
      if (!optional.isEmpty()) {
        input.put("optional", optional);
        order.put("optional", names(optional));
      }
      return new JsonObject()
        .put("input", input)
        .put("input_order", order)
        .put("is_input_list", false)
        .put("output", returns)
        .put("output_is_list", new JsonArray(returns.stream().map(type -> (Object) false).toList()))
        .put("output_name", returns)
        .put("name", name)
        .put("display_name", definition.getString("display_name"))
        .put("description", definition.getString("description"))
        .put("python_module", definition.getString("python_module"))
        .put("category", definition.getString("category"))
        .put("output_node", isOutput);
    }

    private static JsonArray names(JsonObject inputs) {
      return new JsonArray(List.copyOf(new LinkedHashMap<>(inputs.getMap()).keySet()));
    }
  }
}
