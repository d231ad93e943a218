package io.anteroom.simulator.validation;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.comfyui.NodeCatalog;
import io.anteroom.simulator.comfyui.NodeCatalog.NodeClass;
import io.anteroom.simulator.comfyui.PythonText;
import io.anteroom.simulator.comfyui.PythonText.PythonError;
import io.anteroom.simulator.files.FileStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Validates a graph as ComfyUI does before queueing: some outputs may be valid while others are refused. */
public final class PromptValidator {

  /** The result: the outputs to execute, or the error if there are none. */
  public record Verdict(JsonObject error, List<String> outputs, JsonObject nodeErrors) {

    public boolean isAccepted() {
      return error == null;
    }
  }

  private final ComfyVersion version;
  private final NodeCatalog catalog;
  private final JsonObject graph;
  private final SimulatedGraphValidator nodes;

  public PromptValidator(ComfyVersion version, NodeCatalog catalog, FileStore files, JsonObject graph) {
    this.version = version;
    this.catalog = catalog;
    this.graph = graph;
    this.nodes = new SimulatedGraphValidator(version, catalog, files, graph);
  }

  /** May raise as Python would: then the response is 500. */
  public Verdict judge(Object targets) {
    List<String> outputs = new ArrayList<>();
    for (String id : graph.fieldNames()) {
      Object node = graph.getValue(id);
      if (!hasClass(node)) {
        return refused(missingClass(id));
      }
      Object className = ((JsonObject) node).getValue("class_type");
      if (className instanceof JsonArray || className instanceof JsonObject) {
        throw PythonError.type("unhashable type: " + PythonText.repr(PythonText.typeName(className)));
      }
      NodeClass nodeClass = catalog.find(className).orElse(null);
      if (nodeClass == null) {
        return refused(unknownClass(id, (JsonObject) node));
      }
      if (nodeClass.isOutput() && isWanted(id, targets)) {
        outputs.add(id);
      }
    }
    return outputs.isEmpty()
      ? refused(SimulatedInputValidator.error("prompt_no_outputs", "Prompt has no outputs", "", new JsonObject()))
      : judgeOutputs(outputs);
  }

  private Verdict judgeOutputs(List<String> outputs) {
    List<String> good = new ArrayList<>();
    List<String> complaints = new ArrayList<>();
    JsonObject nodeErrors = new JsonObject();
    for (String output : outputs) {
      SimulatedGraphValidator.Result result = nodes.checkOutput(output);
      if (result.isGood()) {
        good.add(output);
      } else {
        result.errors().forEach(e -> complaints.add(e.getString("message") + ": " + e.getString("details")));
        collect(nodes.results(), output, nodeErrors);
      }
    }
    return good.isEmpty()
      ? new Verdict(SimulatedInputValidator.error("prompt_outputs_failed_validation",
      "Prompt outputs failed validation",
          String.join("\n", complaints), new JsonObject()), good, nodeErrors)
      : new Verdict(null, good, nodeErrors);
  }

  private void collect(Map<String, SimulatedGraphValidator.Result> results, String output, JsonObject nodeErrors) {
    new LinkedHashMap<>(results).forEach((id, result) -> {
      if (!result.isGood() && !result.errors().isEmpty()) {
        if (!nodeErrors.containsKey(id)) {
          nodeErrors.put(id, JsonObject.of("errors", new JsonArray(result.errors()), "dependent_outputs",
            new JsonArray(), "class_type", graph.getJsonObject(id).getValue("class_type")));
        }
        nodeErrors.getJsonObject(id).getJsonArray("dependent_outputs").add(output);
      }
    });
  }

  private static Verdict refused(JsonObject error) {
    return new Verdict(error, List.of(), new JsonObject());
  }

  private static boolean hasClass(Object node) {
    if (node == null || node instanceof Number || node instanceof Boolean) {
      throw PythonError.type("argument of type " + PythonText.repr(PythonText.typeName(node)) + " is not iterable");
    }
    return node instanceof JsonObject map && map.containsKey("class_type");
  }

  private static boolean isWanted(String id, Object targets) {
    if (targets == null) {
      return true;
    }
    if (targets instanceof JsonArray list) {
      return list.contains(id);
    }
    if (Set.of("str", "dict").contains(PythonText.typeName(targets))) {
      return targets.toString().contains(id);
    }
    throw PythonError.type("argument of type " + PythonText.repr(PythonText.typeName(targets)) + " is not iterable");
  }

  private JsonObject missingClass(String id) {
    return version.namesMissingNodes()
      ? missingNode("Node 'ID #%s' has no class_type. The workflow may be corrupted or a custom node is missing."
          .formatted(id), id, null, null)
      : SimulatedInputValidator.error("invalid_prompt",
      "Cannot execute because a node is missing the class_type property.",
          "Node ID '#%s'".formatted(id), new JsonObject());
  }

  private JsonObject unknownClass(String id, JsonObject node) {
    String name = PythonText.str(node.getValue("class_type"));
    if (!version.namesMissingNodes()) {
      return SimulatedInputValidator.error("invalid_prompt",
        "Cannot execute because node %s does not exist.".formatted(name),
        "Node ID '#%s'".formatted(id), new JsonObject());
    }
    Object title = node.getValue("_meta") instanceof JsonObject meta ? meta.getValue("title", name) : name;
    return missingNode("Node '%s' not found. The custom node may not be installed.".formatted(PythonText.str(title)),
      id, name, title);
  }

  private static JsonObject missingNode(String message, String id, Object className, Object title) {
    return SimulatedInputValidator.error("missing_node_type", message, "Node ID '#%s'".formatted(id),
      JsonObject.of("node_id", id, "class_type", className, "node_title", title));
  }
}
