package io.anteroom.comfy;

import io.anteroom.comfy.json.PythonJson;
import io.anteroom.task.TaskError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/** Converts ComfyUI's two error formats to a {@link TaskError}. Every field may be missing. */
public final class ComfyErrors {
  /** The errors by node. */
  static final String NODE_ERRORS = "node_errors";

  private static final int MAX_TEXT = 2_000;
  private static final int MAX_REPORT = 64 * 1024;
  private static final String NOT_KEPT = "(The full report of ComfyUI, %d bytes, is too long to be stored; see its "
    + "history. 完整报告过长，未予保留，请查看 ComfyUI 的历史记录。)";

  private ComfyErrors() {
  }

  /** The response 400 to {@code POST /prompt}: {@code {"error":{type,message,details},"node_errors":{}}}. */
  static TaskError ofRejection(Buffer body) {
    return ofRefusal(body).error();
  }

  /** The same, with the raw response. */
  public static PostResult.Refused ofRefusal(Buffer body) {
    String answer = body.toString();
    try {
      Object error = PythonJson.object(answer).getValue("error");
      String report = body.length() <= MAX_REPORT ? answer : "";
      return new PostResult.Refused(error instanceof JsonObject object
        ? new TaskError(text(object, "type", "rejected"), text(object, "message", "ComfyUI refused the workflow."),
          details(text(object, "details", ""), report, body.length()), report)
        : new TaskError("rejected", cut(String.valueOf(error)), "", report), answer);
    } catch (DecodeException notJson) {
      return new PostResult.Refused(new TaskError("rejected", "ComfyUI refused the workflow: " + cut(answer)), "");
    }
  }

  /** The data of an {@code execution_error} message. */
  static TaskError ofExecution(JsonObject data) {
    String whole = data.encode();
    String report = whole.length() <= MAX_REPORT ? whole : "";
    String node = "%s (node %s)".formatted(text(data, "node_type", "?"), text(data, "node_id", "?"));
    return new TaskError(text(data, "exception_type", "execution_failed"),
      text(data, "exception_message", "The run failed."), details(node, report, whole.length()), report);
  }

  /** Mentions a report that is not kept. */
  private static String details(String details, String report, int length) {
    return report.isEmpty() ? (details + " " + NOT_KEPT.formatted(length)).strip() : details;
  }

  private static String text(JsonObject object, String field, String otherwise) {
    Object value = object.getValue(field);
    String text = value == null ? "" : value.toString().strip();
    return text.isEmpty() ? otherwise : cut(text);
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }
}
