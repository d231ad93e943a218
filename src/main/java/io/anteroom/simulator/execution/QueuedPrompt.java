package io.anteroom.simulator.execution;

import io.anteroom.simulator.comfyui.PythonText.PythonError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** An accepted prompt, as in {@code /queue} and later in {@code /history}. */
public record QueuedPrompt(Number number, String id, JsonObject graph, Object extraData, List<String> outputs) {

  /** Compares the tuples as Python does: by number, by id as text, and then by what cannot be compared. */
  boolean isBefore(QueuedPrompt other) {
    int byNumber = Double.compare(number.doubleValue() + 0.0, other.number.doubleValue() + 0.0);
    if (byNumber != 0) {
      return byNumber < 0;
    }
    int byId = id.compareTo(other.id);
    if (byId != 0) {
      return byId < 0;
    }
    if (!graph.equals(other.graph) || !Objects.equals(extraData, other.extraData)) {
      throw PythonError.type("'<' not supported between instances of 'dict' and 'dict'");
    }
    return false;
  }

  /** The client whose socket gets its events, or null for all. */
  public Object clientId() {
    return extraData instanceof JsonObject extra ? extra.getValue("client_id") : null;
  }

  /** Anteroom's mark with task and attempt, or an empty object. */
  public JsonObject anteroom() {
    return extraData instanceof JsonObject extra && extra.getValue("anteroom") instanceof JsonObject said
      ? said : new JsonObject();
  }

  public JsonArray toJson() {
    return JsonArray.of(number, id, graph, extraData, new JsonArray(outputs));
  }

  public static boolean isCanonical(String text) {
    try {
      return UUID.fromString(text).toString().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
