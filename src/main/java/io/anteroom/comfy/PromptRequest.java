package io.anteroom.comfy;

import io.anteroom.task.TaskId;
import io.vertx.core.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The request for ComfyUI, made once at submit, so that nothing large has to be read again when its turn comes.
 *
 * <p>What the client sent stands in it letter for letter. Our own fields come last, and the very last is the attempt:
 * the text is stored up to that number and is JSON only after {@link #complete}.
 *
 * <p>The user's secrets for paid services stand behind the attempt, in a text of their own that can be deleted while
 * the other is kept. Neither text is ever logged.
 *
 * @param stored  all but the attempt and what closes the text
 * @param secrets what closes the text when there are secrets; empty otherwise
 */
public record PromptRequest(String stored, String secrets) {
  /** The graph: workflow node's id to {@link #CLASS_TYPE} and {@link #INPUTS}. */
  public static final String PROMPT = "prompt";
  public static final String CLASS_TYPE = "class_type";
  public static final String INPUTS = "inputs";

  /** Whose progress it is; on top the client says it, in {@link #EXTRA_DATA} ComfyUI puts it. */
  public static final String CLIENT_ID = "client_id";
  public static final String PROMPT_ID = "prompt_id";

  /** Place in ComfyUI's own queue; the order is ours, so neither is passed on. */
  public static final String NUMBER = "number";
  public static final String FRONT = "front";

  /** Ids of the output nodes to run; absent: all. */
  public static final String TARGETS = "partial_execution_targets";

  public static final String EXTRA_DATA = "extra_data";
  /** What is written into the pictures; {@link #WORKFLOW} in it is the editor's whole graph. */
  public static final String EXTRA_PNGINFO = "extra_pnginfo";
  public static final String WORKFLOW = "workflow";
  /** When ComfyUI took it, set by ComfyUI. */
  public static final String CREATE_TIME = "create_time";
  /** As {@code auth_token_comfy_org} and {@code api_key_comfy_org}, and what custom nodes may have of the kind. */
  private static final Pattern SECRET =
    Pattern.compile("api[-_]?key|(auth|access|bearer|refresh)[-_]?token|secret|passw(or)?d|credential");
  /** Ours in {@link #EXTRA_DATA}: {@code {"task","attempt"}}, how a run is recognised at the instance. */
  public static final String ANTEROOM = "anteroom";
  static final String TASK = "task";
  static final String ATTEMPT = "attempt";

  private static final String AFTER_ATTEMPT = "}}}";

  /** Whether a member of this name is a secret of its user: sent to ComfyUI, but never shown nor kept. */
  public static boolean isSecret(String name) {
    return SECRET.matcher(name.toLowerCase(Locale.ROOT)).find();
  }

  /**
   * The request of a task.
   *
   * @param members what stands on top, each {@code "name":value}; none of the names that are ours
   * @param extra   what stands in {@code extra_data}, likewise
   */
  public static PromptRequest of(TaskId id, String clientId, List<String> members, List<String> extra) {
    String extraData = Stream.concat(extra.stream(), Stream.of(attemptOf(id))).collect(Collectors.joining(","));
    return new PromptRequest(Stream.concat(members.stream(), Stream.of(oursOnTop(id, clientId) + extraData))
      .collect(Collectors.joining(",", "{", "")), "");
  }

  /** What stands behind the client's own members, up to the first in {@code extra_data}. */
  public static String oursOnTop(TaskId id, String clientId) {
    return "\"%s\":\"%s\",\"%s\":%s,\"%s\":{"
      .formatted(PROMPT_ID, id, CLIENT_ID, Json.encode(clientId), EXTRA_DATA);
  }

  /** The last in {@code extra_data}, up to the number of the attempt. */
  public static String attemptOf(TaskId id) {
    return "\"%s\":{\"%s\":\"%s\",\"%s\":".formatted(ANTEROOM, TASK, id, ATTEMPT);
  }

  /**
   * The same with secrets, each {@code "name":value}.
   *
   * @param members those that stand on top
   * @param extra   those in {@code extra_data}
   */
  public PromptRequest with(List<String> members, List<String> extra) {
    return new PromptRequest(stored, secrets(members, extra));
  }

  /** What closes a text with these secrets; empty without any. */
  public static String secrets(List<String> members, List<String> extra) {
    return members.isEmpty() && extra.isEmpty() ? "" : "}" + following(extra) + "}" + following(members) + "}";
  }

  /** The JSON text to send to ComfyUI. */
  public static String complete(String stored, String secrets, int attempt) {
    return stored + end(secrets, attempt);
  }

  /** What is sent behind the stored text. */
  public static String end(String secrets, int attempt) {
    return attempt + (secrets.isEmpty() ? AFTER_ATTEMPT : secrets);
  }

  private static String following(List<String> members) {
    return members.stream().map(","::concat).collect(Collectors.joining());
  }
}
