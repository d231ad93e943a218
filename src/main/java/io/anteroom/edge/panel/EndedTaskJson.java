package io.anteroom.edge.panel;

import io.anteroom.bus.SubmissionServices.Workflow;
import io.anteroom.comfy.ComfyMessages.LastWords;
import io.anteroom.comfy.SocketMessage;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * Writes an ended task in ComfyUI's format when no instance can: it failed before it ran, was cancelled while it
 * waited, timed out, or its instance has forgotten it.
 */
final class EndedTaskJson {
  private final TaskStatus task;

  EndedTaskJson(TaskStatus task) {
    this.task = task;
  }

  /** The history entry as text; the workflow may be large and is not parsed. */
  Buffer entry(Workflow workflow) {
    String rest = new JsonObject().put("outputs", outputs()).put("status", status()).put("meta", new JsonObject())
      .encode();
    return Buffer.buffer("{\"prompt\":").appendBuffer(QueueView.tuple(task, workflow))
      .appendString("," + rest.substring(1));
  }

  /** How it ended, and the messages that ComfyUI would have sent. */
  JsonObject status() {
    boolean completed = task.state() == TaskState.COMPLETED;
    JsonArray messages = new JsonArray();
    task.times().started().ifPresent(at -> messages.add(message(SocketMessage.START, LastWords.happened(task, at))));
    LastWords.Word last = LastWords.verdict(task);
    messages.add(message(last.event(), last.data()));
    return new JsonObject().put("status_str", completed ? "success" : "error").put("completed", completed)
      .put("messages", messages);
  }

  /** Its outputs, by workflow node. */
  JsonObject outputs() {
    return LastWords.outputs(task);
  }

  /** Adds the preview image for a list, and the number of files. */
  void putOutputs(JsonObject job) {
    int count = 0;
    Optional<JsonObject> preview = Optional.empty();
    for (Map.Entry<String, Object> node : outputs()) {
      for (Map.Entry<String, Object> kind : object(node.getValue())) {
        for (Object file : kind.getValue() instanceof JsonArray files ? files : new JsonArray()) {
          count += file instanceof JsonObject ? 1 : 0;
          preview = preview.or(() -> Optional.of(file).filter(JsonObject.class::isInstance)
            .map(found -> ((JsonObject) found).copy().put("nodeId", node.getKey()).put("mediaType", kind.getKey())));
        }
      }
    }
    job.put("outputs_count", count);
    preview.ifPresent(image -> job.put("preview_output", image));
  }

  private static JsonObject object(Object value) {
    return value instanceof JsonObject object ? object : new JsonObject();
  }

  private static JsonArray message(String event, JsonObject data) {
    return new JsonArray().add(event).add(data);
  }
}
