package io.anteroom.comfy;

import io.anteroom.comfy.json.PythonJson;
import io.anteroom.task.TaskError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/** ComfyUI's two ways of saying that something is wrong, as a {@link TaskError}. Trusts no field to be there. */
public final class ComfyErrors {
  /** In an answer, what is wrong node by node. */
  static final String NODE_ERRORS = "node_errors";

  private static final int LONGEST_TEXT = 2_000;
  private static final int LONGEST_REPORT = 64 * 1024;
  private static final String NOT_KEPT = "(ComfyUI's whole report of %d bytes is too long to be kept; look in its "
    + "history. 完整报告过长，未予保留，请查看 ComfyUI 的历史记录。)";

  private ComfyErrors() {
  }

  /** The answer 400 to {@code POST /prompt}: {@code {"error":{type,message,details},"node_errors":{}}}. */
  static TaskError ofRejection(Buffer body) {
    return ofRefusal(body).error();
  }

  /** The same, with the answer as it came. */
  public static PostResult.Refused ofRefusal(Buffer body) {
    String answer = body.toString();
    try {
      Object error = PythonJson.object(answer).getValue("error");
      String report = body.length() <= LONGEST_REPORT ? answer : "";
      return new PostResult.Refused(error instanceof JsonObject object
        ? new TaskError(text(object, "type", "rejected"), text(object, "message", "ComfyUI refuses the workflow."),
          details(text(object, "details", ""), report, body.length()), report)
        : new TaskError("rejected", cut(String.valueOf(error)), "", report), answer);
    } catch (DecodeException notJson) {
      return new PostResult.Refused(new TaskError("rejected", "ComfyUI refuses the workflow: " + cut(answer)), "");
    }
  }

  /** The data of an {@code execution_error} message. */
  static TaskError ofExecution(JsonObject data) {
    String whole = data.encode();
    String report = whole.length() <= LONGEST_REPORT ? whole : "";
    String node = "%s (node %s)".formatted(text(data, "node_type", "?"), text(data, "node_id", "?"));
    return new TaskError(text(data, "exception_type", "execution_failed"),
      text(data, "exception_message", "The run failed."), details(node, report, whole.length()), report);
  }

  /** Says so when the report is not kept. */
  private static String details(String details, String report, int length) {
    return report.isEmpty() ? (details + " " + NOT_KEPT.formatted(length)).strip() : details;
  }

  private static String text(JsonObject object, String field, String otherwise) {
    Object value = object.getValue(field);
    String text = value == null ? "" : value.toString().strip();
    return text.isEmpty() ? otherwise : cut(text);
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }
}
