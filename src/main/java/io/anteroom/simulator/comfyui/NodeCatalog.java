package io.anteroom.simulator.comfyui;

import io.anteroom.simulator.files.FileStore;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The node classes that a simulated ComfyUI has installed; one catalog for all instances of a simulator. */
public final class NodeCatalog {

  private static final JsonObject DEFINITIONS = new JsonObject(Resource.bytes("nodes.json"));

  private static final Map<ComfyVersion, NodeCatalog> CATALOGS = Arrays.stream(ComfyVersion.values())
    .collect(Collectors.toUnmodifiableMap(version -> version, version -> new NodeCatalog(version, NodePacks.NONE)));

  private final Map<String, NodeClass> classes = new LinkedHashMap<>();
  private final Map<String, Buffer> objectInfo = new LinkedHashMap<>();
  private final ComfyVersion version;

  private NodeCatalog(ComfyVersion version, NodePacks packs) {
    this.version = version;
    DEFINITIONS.forEach(entry -> add(entry.getKey(), (JsonObject) entry.getValue()));
    int bytes = 0;
    for (int number = 1; bytes < packs.bytes(); number++) {
      bytes += add(NodePacks.className(number), NodePacks.definition(number));
    }
  }

  /** The catalog of a version, with the classes of these packs after its own. */
  public static NodeCatalog of(ComfyVersion version, NodePacks packs) {
    return packs.bytes() == 0 ? CATALOGS.get(version) : new NodeCatalog(version, packs);
  }

  public Optional<NodeClass> find(Object name) {
    return name instanceof String ? Optional.ofNullable(classes.get(name)) : Optional.empty();
  }

  /** {@code GET /object_info}, with the input files that image loaders offer. */
  public Buffer objectInfo(FileStore files) {
    Buffer whole = Buffer.buffer("{");
    objectInfo.keySet().forEach(name -> whole.appendString(whole.length() > 1 ? "," : "")
      .appendBuffer(member(name, files)));
    return whole.appendString("}");
  }

  /** {@code GET /object_info/{class}}: an unknown class is an empty object. */
  public Buffer objectInfo(String name, FileStore files) {
    Buffer one = Buffer.buffer("{");
    return (objectInfo.containsKey(name) ? one.appendBuffer(member(name, files)) : one).appendString("}");
  }

  private int add(String name, JsonObject definition) {
    NodeClass nodeClass = NodeClass.of(name, definition);
    Buffer member = encode(nodeClass);
    classes.put(name, nodeClass);
    objectInfo.put(name, member);
    return member.length();
  }

  private Buffer member(String name, FileStore files) {
    NodeClass nodeClass = classes.get(name);
    return nodeClass.offersInputFiles() ? encode(nodeClass.offering(files.inputNames())) : objectInfo.get(name);
  }

  private Buffer encode(NodeClass nodeClass) {
    return Buffer.buffer(Json.encode(nodeClass.name())).appendString(":")
      .appendBuffer(version.nodeInfo(nodeClass.name(), nodeClass.toJson()).toBuffer());
  }

  /** Inputs and outputs of a node class. */
  public record NodeClass(String name, JsonObject definition, JsonObject required, JsonObject optional,
    JsonArray returns,
      boolean isOutput) {

    public static NodeClass of(String name, JsonObject json) {
      return new NodeClass(name, json, json.getJsonObject("required"), json.getJsonObject("optional"),
        json.getJsonArray("output"), json.getBoolean("output_node"));
    }

    /** Whether its choices are the files of the input folder. */
    boolean offersInputFiles() {
      return required.getValue("image") instanceof JsonArray image && image.getValue(0) instanceof JsonArray list
        && list.isEmpty();
    }

    NodeClass offering(List<String> inputFiles) {
      JsonArray image = required.getJsonArray("image");
      return new NodeClass(name, definition,
        required.copy().put("image", JsonArray.of(new JsonArray(inputFiles), image.getJsonObject(1))), optional,
        returns, isOutput);
    }

    /** All inputs of the class, required ones first. */
    public JsonObject inputs() {
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
