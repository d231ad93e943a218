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

/** What ComfyUI says on its socket, said by us. */
public final class ComfyMessages {
  private ComfyMessages() {
  }

  /** The first message of a connection: the client's id, and how many of its user's tasks wait and run. */
  public static String hello(String clientId, int remaining) {
    return message(SocketMessage.STATUS, statusData(remaining).put("sid", clientId));
  }

  /** How many of the user's tasks wait and run. */
  public static String status(int remaining) {
    return message(SocketMessage.STATUS, statusData(remaining));
  }

  /** What a task made and how it ended, of which its page has heard nothing; then that nothing more follows. */
  public static List<String> ended(TaskStatus task) {
    List<String> words = new ArrayList<>();
    LastWords.outputs(task).forEach(node -> words.add(message(SocketMessage.EXECUTED, about(task)
      .put("node", node.getKey()).put("display_node", node.getKey()).put("output", node.getValue()))));
    LastWords.Word verdict = LastWords.verdict(task);
    // Not ComfyUI's: with it our script marks the inputs, as the page does when Run itself is refused.
    task.error().map(ExecutionError::nodes).filter(nodes -> !nodes.isEmpty() && verdict.event()
      .equals(SocketMessage.ERROR))
      .ifPresent(nodes -> verdict.data().put(ComfyErrors.NODE_ERRORS, nodes));
    words.add(message(verdict.event(), verdict.data()));
    words.add(message(SocketMessage.EXECUTING, about(task).putNull("node")));
    return words;
  }

  /** What did not reach its page, or its instance. Not ComfyUI's: our script tells the student. */
  public enum Loss {
    MESSAGE_TOO_LARGE("ComfyUI on '%s' sent a message of more than 16 MiB, which was not passed on; look for "
      + "its results in the history.", "“%s”上的 ComfyUI 发送了超过 16 MiB 的消息，未能转达；请在历史记录中查看结果。"),
    NOT_SAID("ComfyUI on '%s' did not answer, so what this page said to it is lost; do that once more.",
      "“%s”上的 ComfyUI 没有响应，本页面发给它的消息已丢失；请重新操作。"),
    MISSED("Messages of ComfyUI that came while this page was away were too many or too long to be kept; look for "
      + "their results in the history.", "本页面离开期间，ComfyUI 发来的消息过多或过长，未能保留；请在历史记录中查看结果。");

    private final String english;
    private final String chinese;

    Loss(String english, String chinese) {
      this.english = english;
      this.chinese = chinese;
    }
  }

  /** @param count how many messages it were */
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

  /** Why a task failed, as ComfyUI would say it of a run: for tasks of which no instance can say it. */
  public static final class ExecutionError {
    private ExecutionError() {
    }

    /** The data of an {@code execution_error}; all fields are there, since pages read them unasked. */
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

  /** What ComfyUI says of a run that has ended: for those of which no instance says it, or said it unheard. */
  public static final class LastWords {
    private LastWords() {
    }

    /** One event and what it tells. */
    public record Word(String event, JsonObject data) {
    }

    /** How it ended. */
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
}
