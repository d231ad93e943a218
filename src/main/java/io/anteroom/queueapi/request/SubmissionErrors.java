package io.anteroom.queueapi.request;

import io.anteroom.comfy.ClientIds;
import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import io.vertx.core.json.JsonObject;

/** Errors of submitted workflows, with messages that their author can act on. */
public final class SubmissionErrors {
  /** Enough to recognise a value. */
  private static final int SHOWN = 60;
  private static final int DETAILED = 200;

  private SubmissionErrors() {
  }

  public static ApiException notJson(TextPosition where, String why) {
    return ApiException.of(Code.NOT_JSON,
      "The request is not JSON %s. Send the workflow as one JSON object.".formatted(at(where)),
      "请求不是有效的 JSON（%s）。请以一个 JSON 对象提交工作流。".formatted(place(where)))
      .details(place(where) + ": " + cut(why, DETAILED));
  }

  public static ApiException notUtf8() {
    return ApiException.of(Code.NOT_JSON,
      "The request is not JSON: it contains bytes that are not UTF-8. Send it as UTF-8.",
      "请求不是有效的 JSON：包含非 UTF-8 字节。请使用 UTF-8 编码。");
  }

  public static ApiException tooIntricate(TextPosition where) {
    return ApiException.of(Code.INVALID_PROMPT,
      ("The request exceeds a limit %s: at most %d levels, %d names, 1000 digits in a number and 50000 "
        + "characters in a name. Make the workflow smaller.")
        .formatted(at(where), StrictJsonParser.MAX_LEVELS, StrictJsonParser.MAX_NAMES),
      "请求超出可读取的范围（%s）：最多 %d 层嵌套、%d 个键名，数字最多 1000 位，键名最多 50000 个字符。请精简工作流。"
        .formatted(place(where), StrictJsonParser.MAX_LEVELS, StrictJsonParser.MAX_NAMES));
  }

  public static ApiException tooManyMembers(TextPosition where) {
    return ApiException.of(Code.INVALID_PROMPT,
      "The workflow has too many nodes (read up to %s): at most %d nodes and fields together. Make it smaller."
        .formatted(place(where), StrictJsonParser.MAX_MEMBERS),
      "工作流的节点过多（读到 %s）：节点及其字段合计最多 %d 个。请精简工作流。".formatted(place(where), StrictJsonParser.MAX_MEMBERS));
  }

  public static ApiException infinite(String number, TextPosition where) {
    return ApiException.of(Code.INVALID_NUMBER,
      "The number %s %s is too large. Use one below 1e308.".formatted(shown(number), at(where)),
      "数字 %s（%s）过大，无法计算。请使用小于 1e308 的数字。".formatted(shown(number), place(where)));
  }

  public static ApiException notAnObject(String value) {
    return ApiException.of(Code.NOT_AN_OBJECT,
      "The request is JSON, but not an object: %s. Send {\"prompt\": …}.".formatted(shown(value)),
      "请求是 JSON，但不是对象：%s。请发送 {\"prompt\": …}。".formatted(shown(value)));
  }

  /** In ComfyUI's own words, which its page knows. */
  public static ApiException noPrompt() {
    return ApiException.of(Code.NO_PROMPT, "No prompt provided", "请求中没有 prompt（工作流）")
      .details("No prompt provided");
  }

  public static ApiException promptIsNoObject(String value) {
    return ApiException.of(Code.INVALID_PROMPT,
      "\"prompt\" must be an object of workflow nodes, not %s. Export the workflow in API format."
        .formatted(shown(value)),
      "\"prompt\" 必须是由节点组成的对象，而不是 %s。请以 API 格式导出工作流。".formatted(shown(value)));
  }

  public static ApiException nodeIsNoObject(String node, String value) {
    return ApiException.of(Code.INVALID_PROMPT,
      "Node %s of the workflow must be an object with \"class_type\" and \"inputs\", not %s."
        .formatted(shown(node), shown(value)),
      "工作流的节点 %s 必须是包含 \"class_type\" 和 \"inputs\" 的对象，而不是 %s。".formatted(shown(node), shown(value)));
  }

  public static ApiException nodeIsUnsound(String node, String part, String value) {
    return ApiException.of(Code.INVALID_PROMPT,
      "Node %s of the workflow has a \"%s\" of the wrong type: %s. \"class_type\" is a string, \"inputs\" an object."
        .formatted(shown(node), part, shown(value)),
      "工作流节点 %s 的 \"%s\" 类型不正确：%s。\"class_type\" 应为文本，\"inputs\" 应为对象。"
        .formatted(shown(node), part, shown(value)));
  }

  public static ApiException invalidTargets(String value) {
    return ApiException.of(Code.INVALID_PROMPT,
      "\"partial_execution_targets\" must be a list of node ids (strings), not %s. Leave it out to run everything."
        .formatted(shown(value)),
      "\"partial_execution_targets\" 必须是节点 ID（文本）的列表，而不是 %s。如需全部运行，请省略该项。".formatted(shown(value)));
  }

  public static ApiException invalidNumber(String value) {
    return ApiException.of(Code.INVALID_NUMBER,
      "\"number\" must be a number, not %s. Leave it out: the queue decides the order.".formatted(shown(value)),
      "\"number\" 必须是数字，而不是 %s。请省略该项：顺序由队列决定。".formatted(shown(value)));
  }

  public static ApiException invalidPromptId(String value) {
    return ApiException.of(Code.INVALID_PROMPT_ID,
      "\"prompt_id\" must be a UUID with hyphens (36 characters), not %s. Leave it out to have one generated."
        .formatted(shown(value)),
      "\"prompt_id\" 必须是带连字符的 UUID（36 个字符），而不是 %s。省略该项即可自动分配。".formatted(shown(value)));
  }

  public static ApiException invalidClientId(String value) {
    return ApiException.of(Code.INVALID_CLIENT_ID,
      "\"client_id\" must be a printable string of at most %d characters, not %s. Leave it out to have one generated."
        .formatted(ClientIds.MAX_LENGTH, shown(value)),
      "\"client_id\" 必须是不超过 %d 个字符的可显示文本，而不是 %s。省略该项即可自动分配。"
        .formatted(ClientIds.MAX_LENGTH, shown(value)));
  }

  public static ApiException secretTooLong(String name, int max) {
    return ApiException.of(Code.INVALID_EXTRA_DATA,
      ("\"%s\" has the name of a secret, and all secrets together may have at most %d bytes. Rename it if it is "
        + "not a secret.").formatted(shown(name), max),
      "\"%s\" 的名称表示它是密钥，但其长度超过密钥合计 %d 字节的上限。如果它不是密钥，请改用其他名称。".formatted(shown(name), max));
  }

  public static ApiException invalidExtraData(String value) {
    return ApiException.of(Code.INVALID_EXTRA_DATA,
      "\"extra_data\" must be an object, not %s. Leave it out if you do not need it.".formatted(shown(value)),
      "\"extra_data\" 必须是对象，而不是 %s。如果没有，请省略该项。".formatted(shown(value)));
  }

  public static ApiException tooLarge(long bytes, long max) {
    return ApiException.of(Code.TOO_LARGE,
      "The request has %d bytes, the limit is %d (http.body_limit). Upload large files instead of embedding them."
        .formatted(bytes, max),
      "请求大小为 %d 字节，上限为 %d 字节（http.body_limit）。请上传大文件，而不要直接嵌入。".formatted(bytes, max));
  }

  public static ApiException unknownUser(String user) {
    return ApiException.of(Code.UNKNOWN_USER,
      "There is no user '%s'. Check the address, or ask the administrator to add you.".formatted(shown(user)),
      "用户 '%s' 不存在。请检查网址，或请管理员添加该用户。".formatted(shown(user)));
  }

  public static ApiException noInstance(String user, String instance) {
    return ApiException.of(Code.UNKNOWN_INSTANCE,
      "The instance '%s' of user '%s' does not exist. Ask the administrator to correct the list of users."
        .formatted(shown(instance), shown(user)),
      "用户 '%s' 的实例 '%s' 不存在。请管理员更正用户列表。".formatted(shown(user), shown(instance)));
  }

  /** In ComfyUI's own words; {@code answer} is its whole response. */
  public static ApiException asComfySays(JsonObject answer) {
    JsonObject error = answer.getJsonObject("error");
    return ApiException.of(Code.INVALID_PROMPT,
      "ComfyUI would refuse the workflow: %s".formatted(error.getString("message")),
      "ComfyUI 会拒绝该工作流：%s".formatted(error.getString("message")))
      .details(cut(error.getString("details"), DETAILED)).report(answer.encode());
  }

  private static String at(TextPosition where) {
    return "at " + place(where);
  }

  private static String place(TextPosition where) {
    return "line %d, column %d".formatted(where.line(), where.column());
  }

  private static String shown(String value) {
    return cut(value, SHOWN);
  }

  private static String cut(String value, int max) {
    return value.length() <= max ? value : value.substring(0, max) + "…";
  }
}
