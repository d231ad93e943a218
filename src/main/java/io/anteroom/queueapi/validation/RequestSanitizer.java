package io.anteroom.queueapi.validation;

import static io.anteroom.comfy.PromptRequest.ANTEROOM;
import static io.anteroom.comfy.PromptRequest.CLASS_TYPE;
import static io.anteroom.comfy.PromptRequest.CLIENT_ID;
import static io.anteroom.comfy.PromptRequest.CREATE_TIME;
import static io.anteroom.comfy.PromptRequest.EXTRA_DATA;
import static io.anteroom.comfy.PromptRequest.EXTRA_PNGINFO;
import static io.anteroom.comfy.PromptRequest.FRONT;
import static io.anteroom.comfy.PromptRequest.INPUTS;
import static io.anteroom.comfy.PromptRequest.NUMBER;
import static io.anteroom.comfy.PromptRequest.PROMPT;
import static io.anteroom.comfy.PromptRequest.PROMPT_ID;
import static io.anteroom.comfy.PromptRequest.TARGETS;
import static io.anteroom.comfy.PromptRequest.WORKFLOW;

import io.anteroom.bus.SubmissionServices;
import io.anteroom.comfy.ClientIds;
import io.anteroom.comfy.PromptRequest;
import io.anteroom.queue.Payload;
import io.anteroom.queueapi.request.ComposedPayload;
import io.anteroom.queueapi.request.JsonMember;
import io.anteroom.queueapi.request.RequestBlocks;
import io.anteroom.queueapi.request.StrictJsonParser;
import io.anteroom.queueapi.request.SubmissionErrors;
import io.anteroom.task.TaskId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks a body before it is stored: repairs what has a harmless meaning, refuses what would harm an instance.
 *
 * <p>Some bodies crash a whole ComfyUI server (a {@code client_id} that is a list), its worker ({@code extra_data} that
 * is null) or the job list of all users ({@code workflow} that is null). What ComfyUI itself handles well, such as an
 * unknown node, is left to it. Unknown names pass: custom nodes may read them.
 */
public final class RequestSanitizer {
  /** Replaced by Anteroom; {@code number} and {@code front} are decided by the queue. */
  private static final Set<String> OURS_ON_TOP = Set.of(PROMPT_ID, CLIENT_ID, NUMBER, FRONT, EXTRA_DATA);
  /** Set by ComfyUI or by Anteroom; a client could forge them. */
  private static final Set<String> OURS_IN_EXTRA = Set.of(CLIENT_ID, CREATE_TIME, ANTEROOM);

  /** A requested id, with every character escaped. */
  private static final int MAX_ID = 6 * ClientIds.MAX_LENGTH + 2;
  /** The size of a list of outputs; with a longer one the graph is not validated. */
  private static final int MAX_TARGETS = 64 << 10;
  /** The size of all secrets together, which are stored and read as a whole; a longer value is not a secret. */
  static final int MAX_SECRETS = 64 << 10;

  private final String user;
  private final JsonMember body;
  private final RequestBlocks sent;

  private RequestSanitizer(String user, JsonMember body, RequestBlocks sent) {
    this.user = user;
    this.body = body;
    this.sent = sent;
  }

  /** The run that the user requests; throws an error if it cannot be made harmless. */
  public static Run inspect(String user, Buffer sent) {
    return inspect(user, StrictJsonParser.read(sent.getBytes()), RequestBlocks.of(sent));
  }

  /** The same for a body that was parsed block by block, with the values of {@link #keeping}. */
  public static Run inspect(String user, JsonMember body, RequestBlocks sent) {
    if (!body.isObject()) {
      throw SubmissionErrors.notAnObject(body.rawValue());
    }
    return new RequestSanitizer(user, body, sent).run();
  }

  /** What to keep of a large body: what Anteroom reads, and a graph of usual size for validation. */
  public static int keeping(String parent, String name) {
    boolean isTop = parent.isEmpty();
    return switch (name) {
      case PROMPT -> isTop ? SubmissionServices.BLOCK : 0;
      case TARGETS -> isTop ? MAX_TARGETS : 0;
      case PROMPT_ID, CLIENT_ID, NUMBER, FRONT -> isTop ? MAX_ID : 0;
      default -> (isTop || parent.equals(EXTRA_DATA)) && PromptRequest.isSecret(name) ? MAX_SECRETS : 0;
    };
  }

  private Run run() {
    checkPrompt(body.member(PROMPT).orElseThrow(SubmissionErrors::noPrompt));
    body.member(TARGETS).filter(targets -> !targets.ofStrings()).ifPresent(targets -> {
      throw SubmissionErrors.invalidTargets(targets.rawValue());
    });
    body.member(NUMBER).filter(number -> !number.isNumber()).ifPresent(number -> {
      throw SubmissionErrors.invalidNumber(number.rawValue());
    });
    TaskId id = body.member(PROMPT_ID).map(RequestSanitizer::taskId).orElseGet(TaskId::random);
    String client = ClientIds.of(user, body.member(CLIENT_ID).map(RequestSanitizer::clientId)
      .filter(text -> !text.isEmpty()).orElseGet(() -> "anteroom-" + id));
    // ComfyUI also takes a negative number as "before everything else"; here only {@code front} counts.
    boolean front = body.member(FRONT).filter(member -> member.kind() == JsonMember.Kind.TRUE).isPresent();
    List<JsonMember> top = top();
    List<JsonMember> extra = extra();
    return new Run(id, client, front, payload(id, client, top, extra), secrets(top, extra), WorkflowGraph.of(body));
  }

  private Payload payload(TaskId id, String client, List<JsonMember> top, List<JsonMember> extra) {
    ComposedPayload.Builder request = new ComposedPayload.Builder().add("{");
    add(top, request);
    request.add(PromptRequest.oursOnTop(id, client));
    add(extra, request);
    return request.add(PromptRequest.attemptOf(id)).of(sent);
  }

  /** Those that are not secrets, each followed by a comma. */
  private static void add(List<JsonMember> members, ComposedPayload.Builder request) {
    for (JsonMember member : members) {
      if (member.name().equals(EXTRA_PNGINFO) && member.isObject()) {
        addPngInfo(member, request);
      } else if (!PromptRequest.isSecret(member.name())) {
        request.add(member).comma();
      }
    }
  }

  /** The metadata for pictures, without an invalid workflow. */
  private static void addPngInfo(JsonMember info, ComposedPayload.Builder request) {
    List<JsonMember> sound = info.members().stream()
      .filter(member -> !member.name().equals(WORKFLOW) || member.isObject()).toList();
    request.add("\"" + EXTRA_PNGINFO + "\":{");
    for (int at = 0; at < sound.size(); at++) {
      request.add(at == 0 ? "" : ",").add(sound.get(at));
    }
    request.add("},");
  }

  private static String secrets(List<JsonMember> top, List<JsonMember> extra) {
    String secrets = PromptRequest.secrets(rawSecrets(top), rawSecrets(extra));
    if (secrets.length() > MAX_SECRETS) {
      throw SubmissionErrors.secretTooLong(Stream.concat(top.stream(), extra.stream()).map(JsonMember::name)
        .filter(PromptRequest::isSecret).findFirst().orElse(""), MAX_SECRETS);
    }
    return secrets;
  }

  private static List<String> rawSecrets(List<JsonMember> members) {
    return members.stream().filter(member -> PromptRequest.isSecret(member.name())).map(secret -> {
      if (!secret.isKept() || secret.end() - secret.start() > MAX_SECRETS) {
        throw SubmissionErrors.secretTooLong(secret.name(), MAX_SECRETS);
      }
      return Json.encode(secret.name()) + ":" + secret.rawValue();
    }).toList();
  }

  private static void checkPrompt(JsonMember prompt) {
    if (!prompt.isObject()) {
      throw SubmissionErrors.promptIsNoObject(prompt.rawValue());
    }
    prompt.members().forEach(RequestSanitizer::checkNode);
  }

  private static void checkNode(JsonMember node) {
    if (!node.isObject()) {
      throw SubmissionErrors.nodeIsNoObject(node.name(), node.rawValue());
    }
    for (JsonMember part : node.members()) {
      boolean sound = switch (part.name()) {
        case CLASS_TYPE -> part.isString();
        case INPUTS -> part.isObject();
        default -> true;
      };
      if (!sound) {
        throw SubmissionErrors.nodeIsUnsound(node.name(), part.name(), part.rawValue());
      }
    }
  }

  private static TaskId taskId(JsonMember sent) {
    return Optional.of(sent).filter(JsonMember::isString).flatMap(text -> TaskId.parse(text.string()))
      .orElseThrow(() -> SubmissionErrors.invalidPromptId(sent.rawValue()));
  }

  private static String clientId(JsonMember sent) {
    if (!sent.isString() && !sent.isNumber()) {
      throw SubmissionErrors.invalidClientId(sent.rawValue());
    }
    String text = sent.isString() ? sent.string() : sent.rawValue();
    if (!text.isEmpty() && !ClientIds.isSound(text)) {
      throw SubmissionErrors.invalidClientId(sent.rawValue());
    }
    return text;
  }

  private List<JsonMember> top() {
    return body.members().stream()
      .filter(member -> !OURS_ON_TOP.contains(member.name()))
      .filter(member -> !member.name().equals(TARGETS) || !member.isNull())
      .toList();
  }

  private List<JsonMember> extra() {
    Optional<JsonMember> extra = body.member(EXTRA_DATA);
    extra.filter(data -> !data.isObject()).ifPresent(data -> {
      throw SubmissionErrors.invalidExtraData(data.rawValue());
    });
    return extra.stream()
      .flatMap(data -> data.members().stream())
      .filter(member -> !OURS_IN_EXTRA.contains(member.name()))
      .filter(member -> !member.name().equals(EXTRA_PNGINFO) || member.isObject())
      .toList();
  }

  /**
   * A checked workflow that may be queued.
   *
   * @param front   whether it goes before the other waiting ones of its user
   * @param payload the request for ComfyUI up to the attempt, see {@link io.anteroom.comfy.PromptRequest}
   * @param secrets the end of the request with the user's secrets; empty without any
   * @param graph   the same workflow, for validation; empty if it is too large
   */
  public record Run(TaskId id, String clientId, boolean front, Payload payload, String secrets,
      Optional<WorkflowGraph> graph) {
  }
}
