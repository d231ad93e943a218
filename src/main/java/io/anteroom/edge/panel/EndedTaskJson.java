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
 * An ended task in ComfyUI's words, for those that no instance can tell of: it failed before it ran, was cancelled
 * while it waited, ran out of time, or its instance has forgotten it.
 */
final class EndedTaskJson {
  private final TaskStatus task;

  EndedTaskJson(TaskStatus task) {
    this.task = task;
  }

  /** The entry of a history, as a text; the workflow may be large and is not read. */
  Buffer entry(Workflow workflow) {
    String told = new JsonObject().put("outputs", outputs()).put("status", status()).put("meta", new JsonObject())
      .encode();
    return Buffer.buffer("{\"prompt\":").appendBuffer(QueueView.tuple(task, workflow))
      .appendString("," + told.substring(1));
  }

  /** How it ended and the messages that ComfyUI would have sent. */
  JsonObject status() {
    boolean completed = task.state() == TaskState.COMPLETED;
    JsonArray messages = new JsonArray();
    task.times().started().ifPresent(at -> messages.add(message(SocketMessage.START, LastWords.happened(task, at))));
    LastWords.Word verdict = LastWords.verdict(task);
    messages.add(message(verdict.event(), verdict.data()));
    return new JsonObject().put("status_str", completed ? "success" : "error").put("completed", completed)
      .put("messages", messages);
  }

  /** What it made, by workflow node. */
  JsonObject outputs() {
    return LastWords.outputs(task);
  }

  /** The picture that stands for it in a list; and how many files there are. */
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
    preview.ifPresent(picture -> job.put("preview_output", picture));
  }

  private static JsonObject object(Object value) {
    return value instanceof JsonObject object ? object : new JsonObject();
  }

  private static JsonArray message(String event, JsonObject data) {
    return new JsonArray().add(event).add(data);
  }
}
