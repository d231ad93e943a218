package io.anteroom.simulator.execution;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** How far each node of the running prompt is: what {@code progress_state} tells. */
final class NodeProgress {

  private final String promptId;
  private final Map<String, State> states = new LinkedHashMap<>();

  NodeProgress(String promptId) {
    this.promptId = promptId;
  }

  void start(String node) {
    states.put(node, new State(0.0, 1.0, "running"));
  }

  void advance(String node, Number value, Number max) {
    states.put(node, new State(value, max, "running"));
  }

  /** Also for a node that was cached and never started. */
  void finish(String node) {
    Number max = states.containsKey(node) ? states.get(node).max() : 1;
    states.put(node, new State(max, max, "finished"));
  }

  JsonObject toJson() {
    JsonObject nodes = new JsonObject();
    states.forEach((node, state) -> nodes.put(node, new JsonObject()
      .put("value", state.value())
      .put("max", state.max())
      .put("state", state.name())
      .put("node_id", node)
      .put("prompt_id", promptId)
      .put("display_node_id", node)
      .put("parent_node_id", null)
      .put("real_node_id", node)));
    return JsonObject.of("prompt_id", promptId, "nodes", nodes);
  }

  private record State(Number value, Number max, String name) {
  }
}
