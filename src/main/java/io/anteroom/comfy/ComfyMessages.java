package io.anteroom.comfy;

import io.anteroom.comfy.json.PythonJson;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Builds ComfyUI's socket messages for runs and notices that no instance reports. */
public final class ComfyMessages {
  private ComfyMessages() {
  }

  /** The first message of a connection: the client id, and the number of the user's waiting and running tasks. */
  public static String hello(String clientId, int remaining) {
    return message(SocketMessage.STATUS, statusData(remaining).put("sid", clientId));
  }

  /** The number of the user's waiting and running tasks. */
  public static String status(int remaining) {
    return message(SocketMessage.STATUS, statusData(remaining));
  }

  /** The outputs and the end of a task that its page has not received, then the message that the run is over. */
  public static List<String> ended(TaskStatus task) {
    List<String> messages = new ArrayList<>();
    LastWords.outputs(task).forEach(node -> messages.add(message(SocketMessage.EXECUTED, about(task)
      .put("node", node.getKey()).put("display_node", node.getKey()).put("output", node.getValue()))));
    LastWords.Word end = LastWords.verdict(task);
    // Not ComfyUI's: our script marks the inputs with it, as the page does when Run is refused.
    task.error().map(ExecutionError::nodes).filter(nodes -> !nodes.isEmpty() && end.event()
      .equals(SocketMessage.ERROR))
      .ifPresent(nodes -> end.data().put(ComfyErrors.NODE_ERRORS, nodes));
    messages.add(message(end.event(), end.data()));
    messages.add(message(SocketMessage.EXECUTING, about(task).putNull("node")));
    return messages;
  }

  /** A message that did not reach its page, or its instance. Not ComfyUI's: our script shows it. */
  public enum Loss {
    MESSAGE_TOO_LARGE("ComfyUI on '%s' sent a message of more than 16 MiB, which could not be forwarded; see "
      + "the history for its results.", "“%s”上的 ComfyUI 发送了超过 16 MiB 的消息，未能转达；请在历史记录中查看结果。"),
    NOT_SAID("ComfyUI on '%s' did not answer, so a message of this page was lost; please try again.",
      "“%s”上的 ComfyUI 没有响应，本页面发给它的消息已丢失；请重新操作。"),
    MISSED("ComfyUI sent too many or too long messages while this page was disconnected; some were dropped. See the "
      + "history for their results.", "本页面离开期间，ComfyUI 发来的消息过多或过长，未能保留；请在历史记录中查看结果。");

    private final String english;
    private final String chinese;

    Loss(String english, String chinese) {
      this.english = english;
      this.chinese = chinese;
    }
  }

  /** @param count how many messages were lost */
  public static String lost(Loss loss, String instance, int count) {
    return message(SocketMessage.NOTICE, new JsonObject().put("code", loss.name().toLowerCase(Locale.ROOT))
      .put("instance", instance).put("count", count)
      .put("message", loss.english.formatted(instance)).put("message_zh", loss.chinese.formatted(instance)));
  }

  private static JsonObject about(TaskStatus task) {
    return new JsonObject().put(PromptRequest.PROMPT_ID, task.id().value());
  }

  private static String message(String type, JsonObject data) {
    return new JsonObject().put("type", type).put("data", data).encode();
  }

  private static JsonObject statusData(int remaining) {
    return new JsonObject()
      .put("status", new JsonObject().put("exec_info", new JsonObject().put("queue_remaining", remaining)));
  }

  /** Why a task failed, as ComfyUI's error message: for tasks that no instance can report. */
  public static final class ExecutionError {
    private ExecutionError() {
    }

    /** The data of an {@code execution_error}, with all fields, since pages read them unconditionally. */
    public static JsonObject of(TaskStatus task) {
      TaskError error = task.error().orElseGet(() -> new TaskError(task.state().word(), "The run did not complete."));
      Optional<Map.Entry<String, Object>> node = nodes(error).stream().findFirst();
      return new JsonObject()
        .put(PromptRequest.PROMPT_ID, task.id().value())
        .put("timestamp", task.times().finished().orElse(task.times().submitted()).toEpochMilli())
        .put("node_id", node.map(Map.Entry::getKey).orElse(""))
        .put("node_type", node.map(entry -> text(entry.getValue(), PromptRequest.CLASS_TYPE)).orElse(""))
        .put("executed", new JsonArray())
        .put("exception_message", sentence(error, node))
        .put("exception_type", error.type())
        .put("traceback", new JsonArray())
        .put("current_inputs", new JsonObject())
        .put("current_outputs", new JsonArray());
    }

    /** The node errors of a workflow that ComfyUI refused, by node id; empty otherwise. */
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

  /** The last messages of a run: for those that no instance reports, or whose report was not received. */
  public static final class LastWords {
    private LastWords() {
    }

    /** An event and its data. */
    public record Word(String event, JsonObject data) {
    }

    /** The event of its end. */
    public static Word verdict(TaskStatus task) {
      return switch (task.state()) {
        case COMPLETED -> new Word(SocketMessage.SUCCESS, happened(task, end(task)));
        case CANCELLED -> new Word(ComfyProtocol.INTERRUPTED,
          happened(task, end(task)).put("node_id", "").put("node_type", "").put("executed", new JsonArray()));
        default -> new Word(SocketMessage.ERROR, ExecutionError.of(task));
      };
    }

    /** The data of an event about this task. */
    public static JsonObject happened(TaskStatus task, Instant at) {
      return new JsonObject().put(PromptRequest.PROMPT_ID, task.id().value()).put("timestamp", at.toEpochMilli());
    }

    /** Its outputs, by workflow node. */
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
}
