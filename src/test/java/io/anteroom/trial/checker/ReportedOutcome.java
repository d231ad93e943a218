package io.anteroom.trial.checker;

import io.anteroom.task.TaskState;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** What a node says of a task at the end; without a state when it does not know the task. */
record ReportedOutcome(String node, TaskState state, int attempts, long finishedAt, String error) {

  static ReportedOutcome of(String node, JsonObject status) {
    String finished = status.getString("finished_at");
    JsonObject error = status.getJsonObject("error");
    return new ReportedOutcome(node, TaskState.of(status.getString("status")), status.getInteger("attempts"),
      finished == null ? 0 : Instant.parse(finished).toEpochMilli(), error == null ? "" : error.getString("type"));
  }

  static ReportedOutcome nothing(String node, int httpStatus) {
    return new ReportedOutcome(node, null, 0, 0, "HTTP " + httpStatus);
  }

  boolean isFinal() {
    return state != null && state.isFinal();
  }

  @Override
  public String toString() {
    return "%s says %s%s, attempts %d".formatted(node, state == null ? "nothing" : state.word(),
      error.isEmpty() ? "" : " (" + error + ")", attempts);
  }
}
