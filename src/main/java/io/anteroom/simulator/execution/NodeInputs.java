package io.anteroom.simulator.execution;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What a failed node had been given, as an error report quotes it: values as they are, pictures as a tensor's text. */
record NodeInputs(JsonObject graph, String node) {

  JsonObject toJson() {
    JsonObject quoted = new JsonObject();
    for (Map.Entry<String, Object> input : graph.getJsonObject(node).getJsonObject("inputs", new JsonObject())) {
      boolean isLink = input.getValue() instanceof JsonArray link && link.size() == 2
        && graph.containsKey(String.valueOf(link.getValue(0)));
      quoted.put(input.getKey(), JsonArray.of(isLink ? "tensor([[[[0., 0., 0.]]]])" : input.getValue()));
    }
    return quoted;
  }
}
