package io.anteroom.comfy;

import io.anteroom.task.TaskId;
import io.vertx.core.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The request for ComfyUI, built once at submit, so that nothing large has to be parsed again at dispatch.
 *
 * <p>It contains what the client sent as raw JSON text. Our own fields come last, the attempt at the very end: the text
 * is stored up to that number and is JSON only after {@link #complete}.
 *
 * <p>The user's secrets for paid services follow the attempt, as a separate text that can be deleted while the other is
 * kept. Neither text is ever logged.
 *
 * @param stored  the text before the attempt
 * @param secrets the text after the attempt if there are secrets; empty otherwise
 */
public record PromptRequest(String stored, String secrets) {
  /** The graph: node id to {@link #CLASS_TYPE} and {@link #INPUTS}. */
  public static final String PROMPT = "prompt";
  public static final String CLASS_TYPE = "class_type";
  public static final String INPUTS = "inputs";

  /** The client that gets the progress; clients send it at the top level, ComfyUI puts it into {@link #EXTRA_DATA}. */
  public static final String CLIENT_ID = "client_id";
  public static final String PROMPT_ID = "prompt_id";

  /** Position in ComfyUI's own queue; Anteroom decides the order, so neither is forwarded. */
  public static final String NUMBER = "number";
  public static final String FRONT = "front";

  /** Ids of the output nodes to run; all if absent. */
  public static final String TARGETS = "partial_execution_targets";

  public static final String EXTRA_DATA = "extra_data";
  /** Metadata for the pictures; its {@link #WORKFLOW} is the editor's whole graph. */
  public static final String EXTRA_PNGINFO = "extra_pnginfo";
  public static final String WORKFLOW = "workflow";
  /** When ComfyUI accepted it, set by ComfyUI. */
  public static final String CREATE_TIME = "create_time";
  /** Names such as {@code auth_token_comfy_org} and {@code api_key_comfy_org}, and those of custom nodes. */
  private static final Pattern SECRET =
    Pattern.compile("api[-_]?key|(auth|access|bearer|refresh)[-_]?token|secret|passw(or)?d|credential");
  /** Ours in {@link #EXTRA_DATA}: {@code {"task","attempt"}}, identifies the run at the instance. */
  public static final String ANTEROOM = "anteroom";
  static final String TASK = "task";
  static final String ATTEMPT = "attempt";

  private static final String AFTER_ATTEMPT = "}}}";

  /** Whether a member of this name is a secret of the user: sent to ComfyUI, but never shown or kept. */
  public static boolean isSecret(String name) {
    return SECRET.matcher(name.toLowerCase(Locale.ROOT)).find();
  }

  /**
   * The request of a task.
   *
   * @param members the top-level members, each {@code "name":value}; without our own
   * @param extra   the members of {@code extra_data}, likewise
   */
  public static PromptRequest of(TaskId id, String clientId, List<String> members, List<String> extra) {
    String extraData = Stream.concat(extra.stream(), Stream.of(attemptOf(id))).collect(Collectors.joining(","));
    return new PromptRequest(Stream.concat(members.stream(), Stream.of(oursOnTop(id, clientId) + extraData))
      .collect(Collectors.joining(",", "{", "")), "");
  }

  /** The text after the client's own members, up to the start of {@code extra_data}. */
  public static String oursOnTop(TaskId id, String clientId) {
    return "\"%s\":\"%s\",\"%s\":%s,\"%s\":{"
      .formatted(PROMPT_ID, id, CLIENT_ID, Json.encode(clientId), EXTRA_DATA);
  }

  /** The end of {@code extra_data}, up to the number of the attempt. */
  public static String attemptOf(TaskId id) {
    return "\"%s\":{\"%s\":\"%s\",\"%s\":".formatted(ANTEROOM, TASK, id, ATTEMPT);
  }

  /**
   * The same with secrets, each {@code "name":value}.
   *
   * @param members those at the top level
   * @param extra   those in {@code extra_data}
   */
  public PromptRequest with(List<String> members, List<String> extra) {
    return new PromptRequest(stored, secrets(members, extra));
  }

  /** The text after the attempt with these secrets; empty without any. */
  public static String secrets(List<String> members, List<String> extra) {
    return members.isEmpty() && extra.isEmpty() ? "" : "}" + following(extra) + "}" + following(members) + "}";
  }

  /** The JSON text to send to ComfyUI. */
  public static String complete(String stored, String secrets, int attempt) {
    return stored + end(secrets, attempt);
  }

  /** The text that follows the stored text. */
  public static String end(String secrets, int attempt) {
    return attempt + (secrets.isEmpty() ? AFTER_ATTEMPT : secrets);
  }

  private static String following(List<String> members) {
    return members.stream().map(","::concat).collect(Collectors.joining());
  }
}
