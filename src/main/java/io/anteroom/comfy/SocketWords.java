package io.anteroom.comfy;

import io.anteroom.task.TaskStatus;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What ComfyUI says on its socket, said by us. */
public final class SocketWords {
  private SocketWords() {
  }

  /** The first message of a connection: the client's id, and how many of its user's tasks wait and run. */
  public static String hello(String clientId, int remaining) {
    return message(Told.STATUS, statusData(remaining).put("sid", clientId));
  }

  /** How many of the user's tasks wait and run. */
  public static String status(int remaining) {
    return message(Told.STATUS, statusData(remaining));
  }

  /** What a task made and how it ended, of which its page has heard nothing; then that nothing more follows. */
  public static List<String> ended(TaskStatus task) {
    List<String> words = new ArrayList<>();
    LastWords.outputs(task).forEach(node -> words.add(message(Told.EXECUTED, about(task)
      .put("node", node.getKey()).put("display_node", node.getKey()).put("output", node.getValue()))));
    LastWords.Word verdict = LastWords.verdict(task);
    // Not ComfyUI's: with it our script marks the inputs, as the page does when Run itself is refused.
    task.error().map(ExecutionError::nodes).filter(nodes -> !nodes.isEmpty() && verdict.event().equals(Told.ERROR))
      .ifPresent(nodes -> verdict.data().put(ComfyErrors.NODE_ERRORS, nodes));
    words.add(message(verdict.event(), verdict.data()));
    words.add(message(Told.EXECUTING, about(task).putNull("node")));
    return words;
  }

  private static JsonObject about(TaskStatus task) {
    return new JsonObject().put(PromptBody.PROMPT_ID, task.id().value());
  }

  private static String message(String type, JsonObject data) {
    return new JsonObject().put("type", type).put("data", data).encode();
  }

  private static JsonObject statusData(int remaining) {
    return new JsonObject()
      .put("status", new JsonObject().put("exec_info", new JsonObject().put("queue_remaining", remaining)));
  }
}
