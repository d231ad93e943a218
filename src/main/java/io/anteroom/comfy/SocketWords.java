package io.anteroom.comfy;

import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What ComfyUI says on its socket, said by us. */
public final class SocketWords {
  private static final String NODE_ERRORS = "node_errors";

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

  /** That a task failed which its instance said nothing of; all fields are there, since pages read them unasked. */
  public static String executionError(TaskStatus task) {
    TaskError error = task.error().orElseGet(() -> new TaskError(task.state().word(), "The run did not complete."));
    Optional<Map.Entry<String, Object>> node = firstNode(error.report());
    JsonObject data = new JsonObject()
      .put(PromptBody.PROMPT_ID, task.id().value())
      .put("node_id", node.map(Map.Entry::getKey).orElse(""))
      .put("node_type", node.map(entry -> text(entry.getValue(), PromptBody.CLASS_TYPE)).orElse(""))
      .put("executed", new JsonArray())
      .put("exception_message", sentence(error, node))
      .put("exception_type", error.type())
      .put("traceback", new JsonArray())
      .put("current_inputs", new JsonObject())
      .put("current_outputs", new JsonArray());
    task.times().finished().ifPresent(at -> data.put("timestamp", at.toEpochMilli()));
    return message(Told.ERROR, data);
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

  /** The first node that ComfyUI found at fault when it refused the workflow. */
  private static Optional<Map.Entry<String, Object>> firstNode(String report) {
    try {
      return report.isEmpty() || !(new JsonObject(report).getValue(NODE_ERRORS) instanceof JsonObject nodes)
        ? Optional.empty() : nodes.stream().findFirst();
    } catch (DecodeException notJson) {
      return Optional.empty();
    }
  }

  private static String sentence(TaskError error, Optional<Map.Entry<String, Object>> node) {
    Stream<String> nodes = node.stream().map(Map.Entry::getValue)
      .map(at -> at instanceof JsonObject json && json.getValue("errors") instanceof JsonArray all && !all.isEmpty()
        ? all.getValue(0) : at)
      .flatMap(first -> Stream.of(text(first, "message"), text(first, "details")));
    return Stream.concat(Stream.of(error.message(), error.details()), nodes)
      .filter(part -> !part.isBlank()).distinct().reduce((one, other) -> one + ": " + other).orElse("");
  }

  private static String text(Object of, String field) {
    return of instanceof JsonObject json && json.getValue(field) instanceof String text ? text : "";
  }
}
