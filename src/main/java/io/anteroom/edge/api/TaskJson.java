package io.anteroom.edge.api;

import io.anteroom.bus.StatusServices;
import io.anteroom.bus.SubmissionServices.Submitted;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.anteroom.task.TaskStatus.Estimate;
import io.anteroom.task.TaskStatus.Progress;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Writes tasks in the JSON of the queue API. */
final class TaskJson {
  private static final Clock CLOCK = Clock.systemUTC();

  private TaskJson() {
  }

  /** The response to a submit: ComfyUI's fields, and those of the queue API in the same object. */
  static Buffer receipt(Submitted submitted) {
    TaskStatus task = submitted.task();
    String own = new JsonObject()
      .put("prompt_id", task.id().value())
      .put("number", task.number())
      .put("task_id", task.id().value())
      .put("status", task.state().word())
      .put("position", task.position())
      .encode();
    // ComfyUI's own text stays unchanged: what Python writes is not always JSON.
    return Buffer.buffer(own.substring(0, own.length() - 1))
      .appendString(",\"node_errors\":").appendString(submitted.nodeErrors()).appendString("}");
  }

  static JsonObject list(StatusServices.Answer answer) {
    JsonArray tasks = new JsonArray();
    answer.tasks().forEach(task -> tasks.add(write(task)));
    return new JsonObject().put("tasks", tasks).put("waiting", answer.waiting()).put("version", answer.version());
  }

  static JsonObject write(TaskStatus task) {
    Instant now = CLOCK.instant();
    Optional<InstanceOutage> out = task.outage().filter(InstanceOutage::isOut);
    return new JsonObject()
      .put("task_id", task.id().value())
      .put("prompt_id", task.id().value())
      .put("status", task.state().word())
      .put("number", task.number())
      .put("position", task.position())
      .put("ahead", task.ahead())
      .put("blocked", out.map(outage -> outage.english(now)).orElse(""))
      .put("blocked_zh", out.map(outage -> outage.chinese(now)).orElse(""))
      .put("outage", task.outage().map(outage -> outage(outage, now)).orElse(null))
      .put("eta_seconds", task.estimate().map(TaskJson::seconds).orElse(null))
      .put("progress", task.progress().map(TaskJson::progress).orElse(null))
      .put("submitted_at", task.times().submitted().toString())
      .put("started_at", text(task.times().started()))
      .put("finished_at", text(task.times().finished()))
      .put("instance", task.instance())
      .put("attempts", task.attempts())
      .put("error", task.error().map(TaskJson::error).orElse(null))
      .put("outputs", task.outputs().isEmpty() ? null : PythonJson.object(task.outputs()))
      .put("outputs_left_out", task.outputs().isEmpty() && task.state() == TaskState.COMPLETED);
  }

  /** The patterns let a page update the times as they pass. */
  private static JsonObject outage(InstanceOutage outage, Instant now) {
    return new JsonObject()
      .put("code", outage.code())
      .put("instance", outage.instance())
      .put("message", outage.english(now))
      .put("message_zh", outage.chinese(now))
      .put("pattern", outage.englishPattern())
      .put("pattern_zh", outage.chinesePattern())
      .put("since_seconds", outage.since().map(since -> secondsUp(Duration.between(since, now))).orElse(null))
      .put("until_seconds", outage.until().map(until -> secondsUp(Duration.between(now, until))).orElse(null));
  }

  private static long secondsUp(Duration duration) {
    return Math.max(0, roundedUp(duration));
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
