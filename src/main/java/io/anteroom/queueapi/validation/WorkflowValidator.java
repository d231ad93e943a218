package io.anteroom.queueapi.validation;

import io.anteroom.comfy.objectinfo.NodeClasses;
import io.anteroom.comfy.objectinfo.NodeClasses.NodeClass;
import io.anteroom.comfy.protocol.ComfyProtocol.Release;
import io.anteroom.queueapi.validation.ValidationResult.Doubt;
import io.anteroom.queueapi.validation.WorkflowGraph.Node;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Validates a workflow as its instance would, as far as that is certain: some outputs may be invalid while others run.
 * An uncertain case is not objected to.
 */
public final class WorkflowValidator {
  /** Validating larger ones takes too long. */
  private static final int MAX_NODES = 2_000;
  /** Earlier releases run all outputs, whatever is requested. */
  private static final Release KNOWS_TARGETS = new Release(0, 3, 48);

  private final WorkflowGraph graph;
  private final NodeClasses nodes;

  private WorkflowValidator(WorkflowGraph graph, NodeClasses nodes) {
    this.graph = graph;
    this.nodes = nodes;
  }

  /** What the instance would certainly object to. */
  public static ValidationResult validate(WorkflowGraph graph, NodeClasses nodes) {
    try {
      return graph.nodes().size() > MAX_NODES ? ValidationResult.NOTHING : new WorkflowValidator(graph, nodes)
        .result();
    } catch (Doubt uncertain) {
      return ValidationResult.NOTHING;
    }
  }

  private ValidationResult result() {
    Release release = nodes.release().orElseThrow(Doubt::new);
    if (graph.targets().isPresent() && release.compareTo(KNOWS_TARGETS) < 0 || mayBeRewritten()) {
      return ValidationResult.NOTHING;
    }
    List<String> outputs = new ArrayList<>();
    for (Map.Entry<String, Node> entry : graph.nodes().entrySet()) {
      Node node = entry.getValue();
      if (node.className().isEmpty()) {
        return ValidationResult.refused(NodeErrors.withoutClass(entry.getKey(), node, release), Set.of());
      }
      Optional<NodeClass> nodeClass = nodes.find(node.className().get());
      if (nodeClass.isEmpty()) {
        return ValidationResult.refused(NodeErrors.unknownClass(entry.getKey(), node, release),
          Set.of(node.className().get()));
      }
      if (nodeClass.get().isOutput() && graph.isWanted(entry.getKey())) {
        outputs.add(entry.getKey());
      }
    }
    return outputs.isEmpty() ? ValidationResult.refused(NodeErrors.noOutputs(), classesOf(graph.nodes().keySet()))
      : onOutputs(outputs);
  }

  private boolean mayBeRewritten() {
    return graph.nodes().values().stream().flatMap(node -> node.className().stream())
      .flatMap(name -> nodes.find(name).stream()).anyMatch(BuiltInNodes::mayRewrite);
  }

  private ValidationResult onOutputs(List<String> outputs) {
    GraphValidator walk = new GraphValidator(graph, nodes);
    List<JsonObject> reasons = new ArrayList<>();
    Map<String, JsonObject> nodeErrors = new LinkedHashMap<>();
    List<String> failed = new ArrayList<>();
    for (String output : outputs) {
      GraphValidator.Finding finding = walk.from(output);
      if (finding.isBad()) {
        failed.add(output);
        reasons.addAll(finding.errors());
        walk.findings().forEach((id, found) -> collect(id, found, output, nodeErrors));
      }
    }
    JsonObject byNode = new JsonObject();
    nodeErrors.forEach(byNode::put);
    Set<String> classes = classesOf(withLinked(nodeErrors.keySet()));
    return failed.size() == outputs.size()
      ? new ValidationResult(Optional.of(NodeErrors.allFailed(reasons)), byNode, classes)
      : new ValidationResult(Optional.empty(), byNode, classes);
  }

  /** These nodes, and those that they take inputs from. */
  private Set<String> withLinked(Set<String> ids) {
    Set<String> all = new LinkedHashSet<>(ids);
    ids.forEach(id -> all.addAll(graph.nodes().get(id).links()));
    return all;
  }

  private Set<String> classesOf(Set<String> ids) {
    return ids.stream().flatMap(id -> Optional.ofNullable(graph.nodes().get(id)).stream())
      .flatMap(node -> node.className().stream()).collect(Collectors.toSet());
  }

  /** A node that is invalid only through its dependencies is not reported. */
  private void collect(String id, GraphValidator.Finding found, String output, Map<String, JsonObject> nodeErrors) {
    if (found.errors().isEmpty()) {
      return;
    }
    nodeErrors.computeIfAbsent(id, first -> JsonObject.of("errors", new JsonArray(found.errors()),
      "dependent_outputs", new JsonArray(), "class_type", graph.nodes().get(id).className().orElseThrow()))
      .getJsonArray("dependent_outputs").add(output);
  }
}
