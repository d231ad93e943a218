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
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Validates a node and, through its links, all its dependencies; each node of a graph once. */
final class SimulatedGraphValidator {

  /** Python aborts a recursion at about this depth; so does this, long before the stack overflows. */
  private static final int MAX_DEPTH = 300;

  /** A node without errors of its own may be invalid through its dependencies. */
  record Result(boolean isGood, List<JsonObject> errors) {
  }

  private final ComfyVersion version;
  private final NodeCatalog catalog;
  private final FileStore files;
  private final JsonObject graph;
  private final Map<String, Result> results = new LinkedHashMap<>();
  /** The path from the output to the current node. */
  private final List<String> path = new ArrayList<>();

  SimulatedGraphValidator(ComfyVersion version, NodeCatalog catalog, FileStore files, JsonObject graph) {
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
      return check(id);
    } catch (PythonError e) {
      Result failed = new Result(false, List.of(SimulatedInputValidator.error("exception_during_validation",
        "Exception when validating node", e.getMessage(), raised(e))));
      results.put(id, failed);
      return failed;
    }
  }

  private Result check(String id) {
    if (results.containsKey(id)) {
      return results.get(id);
    }
    if (version.findsCycles() && path.contains(id)) {
      return refuseCycle(id);
    }
    if (path.size() > MAX_DEPTH) {
      throw new PythonError("RecursionError", "maximum recursion depth exceeded");
    }
    if (!(graph.getJsonObject(id).getValue("inputs") instanceof JsonObject inputs)) {
      throw PythonError.key("inputs");
    }
    NodeClass nodeClass = catalog.find(graph.getJsonObject(id).getValue("class_type")).orElseThrow();
    Optional<CustomInputCheck> validator = CustomInputCheck.of(nodeClass.name());
    List<JsonObject> errors = new ArrayList<>();
    boolean good = true;
    for (Map.Entry<String, Object> declared : nodeClass.inputs()) {
      SimulatedInputValidator input = new SimulatedInputValidator(declared.getKey(), (JsonArray) declared.getValue());
      if (inputs.getValue(input.name()) instanceof JsonArray link) {
        good &= checkLink(id, input, link, errors);
      } else if (!inputs.containsKey(input.name())) {
        checkMissing(nodeClass, input, errors);
      } else {
        checkValue(input, inputs, validator.filter(own -> own.takes(input.name())).isPresent(), errors);
      }
    }
    validator.ifPresent(own -> errors.addAll(own.errors(inputs, nodeClass.inputs(), files)));
    Result before = version.findsCycles() ? results.get(id) : null;
    Result result = before == null ? new Result(good && errors.isEmpty(), errors) : joined(before, good, errors);
    results.put(id, result);
    return result;
  }

  /** A cycle found deeper may have left an error here already. */
  private static Result joined(Result before, boolean isGood, List<JsonObject> errors) {
    List<JsonObject> all = new ArrayList<>(before.errors());
    errors.stream().filter(error -> !before.errors().contains(error)).forEach(all::add);
    return new Result(before.isGood() && isGood && errors.isEmpty(), all);
  }

  private Result refuseCycle(String id) {
    List<String> cycle = path.subList(path.indexOf(id), path.size());
    String details = Stream.concat(cycle.stream(), Stream.of(id))
      .map(node -> "%s (%s)".formatted(node, graph.getJsonObject(node).getValue("class_type")))
      .collect(Collectors.joining(" -> "));
    cycle.forEach(node -> results.put(node, new Result(false, List.of(SimulatedInputValidator.error("dependency_cycle",
      "Dependency cycle detected", details,
      JsonObject.of("node_id", node, "cycle_nodes", new JsonArray(List.copyOf(cycle))))))));
    return results.get(id);
  }

  /** Whether the target of the link is valid; adds errors of the link itself. */
  private boolean checkLink(String id, SimulatedInputValidator input, JsonArray link, List<JsonObject> errors) {
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
    path.add(id);
    try {
      return check(from).isGood();
    } catch (PythonError e) {
      results.put(from, new Result(false, List.of(SimulatedInputValidator.error("exception_during_inner_validation",
        "Exception when validating inner node", e.getMessage(), input.about().put("exception_message", e.getMessage())
          .mergeIn(raised(e)).put("linked_node", link)))));
      return false;
    } finally {
      path.remove(path.size() - 1);
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

  private static void checkMissing(NodeClass nodeClass, SimulatedInputValidator input, List<JsonObject> errors) {
    if (nodeClass.required().containsKey(input.name())) {
      errors.add(SimulatedInputValidator.missing(input.name()));
    }
  }

  /** Converts every value; the class's own check, if any, replaces range and list. */
  private static void checkValue(SimulatedInputValidator input, JsonObject inputs, boolean isValidated,
      List<JsonObject> errors) {
    Object value = inputs.getValue(input.name());
    Object converted;
    try {
      converted = input.convert(value);
    } catch (PythonError e) {
      errors.add(input.notConvertible(value, e));
      return;
    }
    inputs.put(input.name(), converted);
    JsonObject error = isValidated ? null : input.rangeError(converted);
    if (error != null) {
      errors.add(error);
    }
  }

  private JsonObject raised(PythonError e) {
    return JsonObject.of("exception_type", e.type(),
      "traceback", JsonArray.of(version.sourceLine("validate_prompt"), version.sourceLine("validate_inputs")));
  }
}
