package io.anteroom.queueapi.validation;

import io.anteroom.comfy.objectinfo.NodeClasses;
import io.anteroom.comfy.objectinfo.NodeClasses.NodeClass;
import io.anteroom.queueapi.validation.PythonConversion.PythonError;
import io.anteroom.queueapi.validation.ValidationResult.Doubt;
import io.anteroom.queueapi.validation.WorkflowGraph.Node;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Validates a node and, through its links, all that it depends on; each node once. All classes must be known.
 *
 * <p>Fails with a {@link Doubt} if Python itself would raise an error whose text depends on its release.
 */
final class GraphValidator {
  /** Python aborts a recursion at an unknown depth greater than this. */
  private static final int MAX_DEPTH = 100;

  /** What is certain about a node. It may be invalid without errors of its own, through its dependencies. */
  record Finding(boolean isBad, List<JsonObject> errors) {
    private static Finding of(JsonObject error) {
      return new Finding(true, List.of(error));
    }
  }

  private final WorkflowGraph graph;
  private final NodeClasses nodes;
  private final Map<String, Finding> findings = new LinkedHashMap<>();
  private final Map<String, Optional<List<InputSpec>>> declarations = new HashMap<>();
  /** The path from the output to the current node, to detect cycles. */
  private final Set<String> path = new HashSet<>();

  GraphValidator(WorkflowGraph graph, NodeClasses nodes) {
    this.graph = graph;
    this.nodes = nodes;
  }

  /** All findings so far, by node. */
  Map<String, Finding> findings() {
    return findings;
  }

  Finding from(String output) {
    try {
      return at(output);
    } catch (PythonError error) {
      Finding failed = Finding.of(NodeErrors.raised(error));
      findings.put(output, failed);
      return failed;
    }
  }

  private Finding at(String id) {
    if (findings.containsKey(id)) {
      return findings.get(id);
    }
    if (path.size() >= MAX_DEPTH || !path.add(id)) {
      throw new Doubt();
    }
    try {
      Finding finding = validate(graph.nodes().get(id));
      findings.put(id, finding);
      return finding;
    } finally {
      path.remove(id);
    }
  }

  private Finding validate(Node node) {
    NodeClass nodeClass = classOf(node);
    JsonObject given = node.inputs().orElseThrow(() -> PythonError.key("inputs"));
    List<JsonObject> errors = new ArrayList<>();
    boolean bad = false;
    for (InputSpec input : declared(nodeClass)) {
      Object value = given.getValue(input.name());
      if (value instanceof JsonArray link) {
        bad |= isLinkBad(nodeClass, input, link, errors);
      } else if (given.containsKey(input.name())) {
        InputValidator.error(input, value, BuiltInNodes.isPlain(nodeClass)).ifPresent(errors::add);
      } else if (input.required()) {
        errors.add(NodeErrors.missing(input));
      }
    }
    return new Finding(bad || !errors.isEmpty(), errors);
  }

  /** Whether the target of the link is invalid; adds errors of the link itself. */
  private boolean isLinkBad(NodeClass target, InputSpec input, JsonArray link, List<JsonObject> errors) {
    if (link.size() != 2) {
      errors.add(NodeErrors.badLink(input, link));
      return false;
    }
    if (!(link.getValue(0) instanceof String from) || !(link.getValue(1) instanceof Integer slot)) {
      throw new Doubt();
    }
    if (!graph.nodes().containsKey(from)) {
      throw PythonError.key(from);
    }
    NodeClass source = classOf(graph.nodes().get(from));
    if (slot < 0 || slot >= source.outputs().size()) {
      throw new Doubt();
    }
    String received = source.outputs().get(slot);
    if (!(input.type() instanceof String wanted) || !fits(received, wanted)) {
      // A pack may use a string type that claims to equal others; then only the instance can decide.
      if (input.type() instanceof String && BuiltInNodes.isPlain(source) && BuiltInNodes.isPlain(target)) {
        errors.add(NodeErrors.wrongLink(input, received, link));
      }
      return false;
    }
    return isSourceBad(from, input, link);
  }

  private boolean isSourceBad(String from, InputSpec input, JsonArray link) {
    try {
      return at(from).isBad();
    } catch (PythonError error) {
      findings.put(from, Finding.of(NodeErrors.raisedInside(error, input, link)));
      return true;
    }
  }

  /** Each may list several types separated by commas; one in common is enough. */
  private static boolean fits(String received, String wanted) {
    Set<String> given = parts(received);
    Set<String> types = parts(wanted);
    return given.contains(NodeClass.ANY) || types.contains(NodeClass.ANY) || given.stream().anyMatch(types::contains);
  }

  private static Set<String> parts(String types) {
    return new HashSet<>(Arrays.stream(types.split(",")).map(String::strip).toList());
  }

  private NodeClass classOf(Node node) {
    return node.className().flatMap(nodes::find).orElseThrow(Doubt::new);
  }

  private List<InputSpec> declared(NodeClass nodeClass) {
    return declarations.computeIfAbsent(nodeClass.name(), name -> InputSpec.of(nodeClass)).orElse(List.of());
  }
}
