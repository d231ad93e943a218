package io.anteroom.comfy;

import io.anteroom.comfy.json.PythonJson;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** What ComfyUI says of a run that has ended: for those of which no instance says it, or said it unheard. */
public final class LastWords {
  private LastWords() {
  }

  /** One event and what it tells. */
  public record Word(String event, JsonObject data) {
  }

  /** How it ended. */
  public static Word verdict(TaskStatus task) {
    return switch (task.state()) {
      case COMPLETED -> new Word(Told.SUCCESS, happened(task, end(task)));
      case CANCELLED -> new Word(ComfyProtocol.INTERRUPTED,
        happened(task, end(task)).put("node_id", "").put("node_type", "").put("executed", new JsonArray()));
      default -> new Word(Told.ERROR, ExecutionError.of(task));
    };
  }

  /** The data of an event about this task. */
  public static JsonObject happened(TaskStatus task, Instant at) {
    return new JsonObject().put(PromptBody.PROMPT_ID, task.id().value()).put("timestamp", at.toEpochMilli());
  }

  /** What it made, by workflow node. */
  public static JsonObject outputs(TaskStatus task) {
    try {
      return task.outputs().isEmpty() ? new JsonObject() : PythonJson.object(task.outputs());
    } catch (DecodeException notJson) {
      return new JsonObject();
    }
  }

  private static Instant end(TaskStatus task) {
    return task.times().finished().orElse(task.times().submitted());
  }
}
