package io.anteroom.bus;

import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.anteroom.task.TaskStatus.Estimate;
import io.anteroom.task.TaskStatus.Progress;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A task's status on the bus: {@code {"id","user","client","state","number","position","blocked","instance","attempts",
 * "submitted","outputs"}}, and where known {@code "started"}, {@code "finished"}, {@code "progress"}, {@code "low"} and
 * {@code "high"} of the estimate, {@code "error"}. Times are unix milliseconds, the estimate is in milliseconds.
 */
final class TaskStatusJson {
  private TaskStatusJson() {
  }

  static JsonObject write(TaskStatus status) {
    JsonObject json = new JsonObject()
      .put("id", status.id().value())
      .put("user", status.user())
      .put("client", status.clientId())
      .put("state", status.state().word())
      .put("number", status.number())
      .put("position", status.position())
      .put("blocked", status.blocked())
      .put("instance", status.instance())
      .put("attempts", status.attempts())
      .put("submitted", status.times().submitted().toEpochMilli())
      .put("outputs", status.outputs());
    status.times().started().ifPresent(at -> json.put("started", at.toEpochMilli()));
    status.times().finished().ifPresent(at -> json.put("finished", at.toEpochMilli()));
    status.progress().ifPresent(progress -> json.put("progress", writeProgress(progress)));
    status.estimate().ifPresent(range -> json
      .put("low", range.low().toMillis())
      .put("high", range.high().toMillis()));
    status.error().ifPresent(error -> json.put("error", writeError(error)));
    return json;
  }

  static TaskStatus read(JsonObject json) {
    TaskStatus.Times times = new TaskStatus.Times(
      Instant.ofEpochMilli(json.getLong("submitted")), instant(json, "started"), instant(json, "finished"));
    return new TaskStatus(new TaskId(json.getString("id")), json.getString("user"), json.getString("client"),
      TaskState.of(json.getString("state")), json.getLong("number"), json.getInteger("position"),
      json.getString("blocked"), json.getString("instance"), json.getInteger("attempts"), times,
      Optional.ofNullable(json.getJsonObject("progress")).map(TaskStatusJson::readProgress),
      Optional.ofNullable(json.getLong("low")).map(low -> range(low, json.getLong("high"))),
      Optional.ofNullable(json.getJsonObject("error")).map(TaskStatusJson::readError), json.getString("outputs"));
  }

  static JsonObject writeProgress(Progress progress) {
    return new JsonObject().put("value", progress.value()).put("max", progress.max()).put("node", progress.node());
  }

  static Progress readProgress(JsonObject json) {
    return new Progress(json.getDouble("value"), json.getDouble("max"), json.getString("node"));
  }

  static JsonObject writeError(TaskError error) {
    return new JsonObject()
      .put("type", error.type())
      .put("message", error.message())
      .put("details", error.details())
      .put("report", error.report());
  }

  static TaskError readError(JsonObject json) {
    return new TaskError(
      json.getString("type"), json.getString("message"), json.getString("details"), json.getString("report"));
  }

  private static Estimate range(long low, long high) {
    return new Estimate(Duration.ofMillis(low), Duration.ofMillis(high));
  }

  private static Optional<Instant> instant(JsonObject json, String field) {
    return Optional.ofNullable(json.getLong(field)).map(Instant::ofEpochMilli);
  }
}
