package io.anteroom.edge;

import io.anteroom.bus.QueueServices.Submitted;
import io.anteroom.bus.StatusServices;
import io.anteroom.task.Estimate;
import io.anteroom.task.Outage;
import io.anteroom.task.Progress;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tasks as the queue API writes them. */
final class TaskJson {
  private TaskJson() {
  }

  /** What a submit is answered: ComfyUI's own answer, and ours in the same object. */
  static Buffer receipt(Submitted submitted) {
    TaskStatus task = submitted.task();
    String ours = new JsonObject()
      .put("prompt_id", task.id().value())
      .put("number", task.number())
      .put("task_id", task.id().value())
      .put("status", task.state().word())
      .put("position", task.position())
      .encode();
    // ComfyUI's own words stay as they are: what Python writes is not always JSON.
    return Buffer.buffer(ours.substring(0, ours.length() - 1))
      .appendString(",\"node_errors\":").appendString(submitted.nodeErrors()).appendString("}");
  }

  static JsonObject list(StatusServices.Answer answer) {
    JsonArray tasks = new JsonArray();
    answer.tasks().forEach(task -> tasks.add(write(task)));
    return new JsonObject().put("tasks", tasks).put("waiting", answer.waiting()).put("version", answer.version());
  }

  static JsonObject write(TaskStatus task) {
    return new JsonObject()
      .put("task_id", task.id().value())
      .put("prompt_id", task.id().value())
      .put("status", task.state().word())
      .put("number", task.number())
      .put("position", task.position())
      .put("ahead", task.ahead())
      .put("blocked", task.blocked())
      .put("blocked_zh", Outage.chinese(task.blocked()))
      .put("eta_seconds", task.estimate().map(TaskJson::seconds).orElse(null))
      .put("progress", task.progress().map(TaskJson::progress).orElse(null))
      .put("submitted_at", task.times().submitted().toString())
      .put("started_at", text(task.times().started()))
      .put("finished_at", text(task.times().finished()))
      .put("instance", task.instance())
      .put("attempts", task.attempts())
      .put("error", task.error().map(TaskJson::error).orElse(null))
      .put("outputs", task.outputs().isEmpty() ? null : new JsonObject(task.outputs()));
  }

  private static JsonObject seconds(Estimate estimate) {
    return new JsonObject().put("low", roundedUp(estimate.low())).put("high", roundedUp(estimate.high()));
  }

  private static long roundedUp(Duration duration) {
    return duration.plusMillis(999).toSeconds();
  }

  private static JsonObject progress(Progress progress) {
    return new JsonObject().put("value", progress.value()).put("max", progress.max()).put("node", progress.node());
  }

  private static JsonObject error(TaskError error) {
    return new JsonObject()
      .put("type", error.type())
      .put("message", error.message())
      .put("details", error.details());
  }

  private static String text(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }
}
