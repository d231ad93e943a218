package io.anteroom.comfy;

import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.JsonObject;

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

  /** That a task failed which its instance said nothing of. */
  public static String executionError(TaskStatus task) {
    return message(Told.ERROR, ExecutionError.of(task));
  }

  /** That nothing more follows of a task: the last that ComfyUI says of any. */
  public static String runOver(TaskId task) {
    return message(Told.EXECUTING, new JsonObject().putNull("node").put(PromptBody.PROMPT_ID, task.value()));
  }

  private static String message(String type, JsonObject data) {
    return new JsonObject().put("type", type).put("data", data).encode();
  }

  private static JsonObject statusData(int remaining) {
    return new JsonObject()
      .put("status", new JsonObject().put("exec_info", new JsonObject().put("queue_remaining", remaining)));
  }
}
