package io.anteroom.comfy;

import io.anteroom.comfy.json.PythonJson;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a task failed, as ComfyUI would say it of a run: for tasks of which no instance can say it. */
public final class ExecutionError {
  private ExecutionError() {
  }

  /** The data of an {@code execution_error}; all fields are there, since pages read them unasked. */
  public static JsonObject of(TaskStatus task) {
    TaskError error = task.error().orElseGet(() -> new TaskError(task.state().word(), "The run did not complete."));
    Optional<Map.Entry<String, Object>> node = nodes(error).stream().findFirst();
    return new JsonObject()
      .put(PromptBody.PROMPT_ID, task.id().value())
      .put("timestamp", task.times().finished().orElse(task.times().submitted()).toEpochMilli())
      .put("node_id", node.map(Map.Entry::getKey).orElse(""))
      .put("node_type", node.map(entry -> text(entry.getValue(), PromptBody.CLASS_TYPE)).orElse(""))
      .put("executed", new JsonArray())
      .put("exception_message", sentence(error, node))
      .put("exception_type", error.type())
      .put("traceback", new JsonArray())
      .put("current_inputs", new JsonObject())
      .put("current_outputs", new JsonArray());
  }

  /** The nodes that ComfyUI found at fault when it refused the workflow, by id; empty when it did not. */
  static JsonObject nodes(TaskError error) {
    try {
      return !error.report().isEmpty()
        && PythonJson.object(error.report()).getValue(ComfyErrors.NODE_ERRORS) instanceof JsonObject byId
        ? byId : new JsonObject();
    } catch (DecodeException notJson) {
      return new JsonObject();
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
