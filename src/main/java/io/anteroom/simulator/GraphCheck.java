package io.anteroom.simulator;

import io.anteroom.simulator.NodeCatalog.NodeClass;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks a node and, through its links, all that it needs; each node of a graph once. */
final class GraphCheck {

  /** Python gives up a recursion about here; so does this, long before the stack ends. */
  private static final int DEEPEST = 300;

  /** A node without errors of its own may still be bad, by what it needs. */
  record Result(boolean isGood, List<JsonObject> errors) {
  }

  private final ComfyVersion version;
  private final NodeCatalog catalog;
  private final Files files;
  private final JsonObject graph;
  private final Map<String, Result> results = new LinkedHashMap<>();

  GraphCheck(ComfyVersion version, NodeCatalog catalog, Files files, JsonObject graph) {
    this.version = version;
    this.catalog = catalog;
    this.files = files;
    this.graph = graph;
  }

  Map<String, Result> results() {
    return results;
  }

  Result checkOutput(String id) {
    try {
      return check(id, 0);
    } catch (PythonError e) {
      Result failed = new Result(false, List.of(InputCheck.error("exception_during_validation",
        "Exception when validating node", e.getMessage(), raised(e))));
      results.put(id, failed);
      return failed;
    }
  }

  private Result check(String id, int depth) {
    if (results.containsKey(id)) {
      return results.get(id);
    }
    if (depth > DEEPEST) {
      throw new PythonError("RecursionError", "maximum recursion depth exceeded");
    }
    if (!(graph.getJsonObject(id).getValue("inputs") instanceof JsonObject inputs)) {
      throw PythonError.key("inputs");
    }
    NodeClass nodeClass = catalog.find(graph.getJsonObject(id).getValue("class_type")).orElseThrow();
    List<JsonObject> errors = new ArrayList<>();
    boolean good = true;
    for (Map.Entry<String, Object> declared : nodeClass.inputs()) {
      InputCheck input = new InputCheck(declared.getKey(), (JsonArray) declared.getValue());
      if (inputs.getValue(input.name()) instanceof JsonArray link) {
        good &= checkLink(input, link, errors, depth);
      } else {
        checkValue(nodeClass, input, inputs, errors);
      }
    }
    Result result = new Result(good && errors.isEmpty(), errors);
    results.put(id, result);
    return result;
  }

  /** Whether what the link leads to is good; what is wrong with the link itself goes to the errors. */
  private boolean checkLink(InputCheck input, JsonArray link, List<JsonObject> errors, int depth) {
    if (link.size() != 2) {
      errors.add(input.badLink(link));
      return true;
    }
    Object received = typeOf(link);
    if (!input.accepts(received)) {
      errors.add(input.wrongType(received, link));
      return true;
    }
    String from = (String) link.getValue(0);
    try {
      return check(from, depth + 1).isGood();
    } catch (PythonError e) {
      results.put(from, new Result(false, List.of(InputCheck.error("exception_during_inner_validation",
        "Exception when validating inner node", e.getMessage(), raised(e).put("input_name", input.name())
          .put("exception_message", e.getMessage()).put("linked_node", link)))));
      return false;
    }
  }

  private Object typeOf(JsonArray link) {
    Object from = link.getValue(0);
    if (!(from instanceof String id) || !graph.containsKey(id)) {
      throw new PythonError("KeyError", PythonText.repr(from));
    }
    JsonArray returns = catalog.find(graph.getJsonObject(id).getValue("class_type")).orElseThrow().returns();
    if (!(link.getValue(1) instanceof Integer slot)) {
      throw PythonError.type("list indices must be integers or slices, not "
        + PythonText.typeName(link.getValue(1)));
    }
    int index = slot < 0 ? returns.size() + slot : slot;
    if (index < 0 || index >= returns.size()) {
      throw new PythonError("IndexError", "list index out of range");
    }
    return returns.getValue(index);
  }

  private void checkValue(NodeClass nodeClass, InputCheck input, JsonObject inputs, List<JsonObject> errors) {
    if (!inputs.containsKey(input.name())) {
      if (nodeClass.required().containsKey(input.name())) {
        errors.add(InputCheck.missing(input.name()));
      }
      return;
    }
    Object value = inputs.getValue(input.name());
    Object converted;
    try {
      converted = input.convert(value);
    } catch (PythonError e) {
      errors.add(input.notConvertible(value, e));
      return;
    }
    inputs.put(input.name(), converted);
    JsonObject error = isUpload(nodeClass, input)
      ? missingFile(input, converted) : input.rangeError(converted);
    if (error != null) {
      errors.add(error);
    }
  }

  private static boolean isUpload(NodeClass nodeClass, InputCheck input) {
    return nodeClass.name().startsWith("LoadImage") && input.name().equals("image");
  }

  private JsonObject missingFile(InputCheck input, Object name) {
    return files.hasInput(PythonText.str(name)) ? null : InputCheck.error("custom_validation_failed",
      "Custom validation failed for node", "image - Invalid image file: " + PythonText.str(name),
      JsonObject.of("input_name", input.name()));
  }

  private JsonObject raised(PythonError e) {
    return JsonObject.of("exception_type", e.type(),
      "traceback", JsonArray.of(version.sourceLine("validate_prompt"), version.sourceLine("validate_inputs")));
  }
}
