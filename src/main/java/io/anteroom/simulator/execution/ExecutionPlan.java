package io.anteroom.simulator.execution;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The order in which ComfyUI executes the nodes of a graph: ready nodes, first those that lead to an output. */
final class ExecutionPlan {

  private final JsonObject graph;
  private final Predicate<String> isOutput;
  private final Map<String, Set<String>> needs = new LinkedHashMap<>();

  private ExecutionPlan(JsonObject graph, Predicate<String> isOutput) {
    this.graph = graph;
    this.isOutput = isOutput;
  }

  /** Cached nodes are not executed, nor their exclusive dependencies; output nodes always are. */
  static List<String> of(JsonObject graph, List<String> outputs, Predicate<String> isOutput, Set<String> cached) {
    ExecutionPlan plan = new ExecutionPlan(graph, isOutput);
    outputs.forEach(output -> plan.add(output, cached));
    return plan.order();
  }

  /** The nodes whose results a node uses. */
  static Set<String> linksOf(JsonObject node) {
    Set<String> links = new LinkedHashSet<>();
    if (node.getValue("inputs") instanceof JsonObject inputs) {
      for (Map.Entry<String, Object> input : inputs) {
        if (input.getValue() instanceof JsonArray link && link.size() == 2 && link.getValue(0) instanceof String from) {
          links.add(from);
        }
      }
    }
    return links;
  }

  private void add(String output, Set<String> cached) {
    Deque<String> open = new ArrayDeque<>(List.of(output));
    while (!open.isEmpty()) {
      String id = open.pop();
      if (!needs.containsKey(id)) {
        Set<String> links = cached.contains(id) ? new LinkedHashSet<>() : linksOf(graph.getJsonObject(id));
        links.removeAll(cached);
        needs.put(id, links);
        links.forEach(open::push);
      }
    }
  }

  private List<String> order() {
    List<String> order = new ArrayList<>();
    while (!needs.isEmpty()) {
      String next = pick(needs.keySet().stream().filter(id -> needs.get(id).isEmpty()).toList());
      needs.remove(next);
      needs.values().forEach(links -> links.remove(next));
      order.add(next);
    }
    return order;
  }

  private String pick(List<String> ready) {
    return ready.stream().filter(isOutput).findFirst()
      .or(() -> ready.stream().filter(id -> leadsToOutput(id, 1)).findFirst())
      .or(() -> ready.stream().filter(id -> leadsToOutput(id, 2)).findFirst())
      .orElseGet(() -> ready.get(0));
  }

  private boolean leadsToOutput(String id, int steps) {
    return needs.entrySet().stream()
      .filter(entry -> entry.getValue().contains(id))
      .anyMatch(entry -> steps == 1 ? isOutput.test(entry.getKey()) : leadsToOutput(entry.getKey(), steps - 1));
  }
}
