package io.anteroom.queueapi.validation;

import static io.anteroom.comfy.PromptBody.ANTEROOM;
import static io.anteroom.comfy.PromptBody.CLASS_TYPE;
import static io.anteroom.comfy.PromptBody.CLIENT_ID;
import static io.anteroom.comfy.PromptBody.CREATE_TIME;
import static io.anteroom.comfy.PromptBody.EXTRA_DATA;
import static io.anteroom.comfy.PromptBody.EXTRA_PNGINFO;
import static io.anteroom.comfy.PromptBody.FRONT;
import static io.anteroom.comfy.PromptBody.INPUTS;
import static io.anteroom.comfy.PromptBody.NUMBER;
import static io.anteroom.comfy.PromptBody.PROMPT;
import static io.anteroom.comfy.PromptBody.PROMPT_ID;
import static io.anteroom.comfy.PromptBody.TARGETS;
import static io.anteroom.comfy.PromptBody.WORKFLOW;

import io.anteroom.bus.QueueServices;
import io.anteroom.comfy.ClientIds;
import io.anteroom.comfy.PromptBody;
import io.anteroom.queue.Payload;
import io.anteroom.queueapi.Blocks;
import io.anteroom.queueapi.ComposedPayload;
import io.anteroom.queueapi.json.Member;
import io.anteroom.queueapi.json.StrictJson;
import io.anteroom.task.TaskId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks a body over before anything of it is stored: repairs what has a harmless meaning, refuses what would harm an
 * instance.
 *
 * <p>Some bodies stop a whole ComfyUI server (a {@code client_id} that is a list), its worker ({@code extra_data} that
 * is null) or everybody's job list ({@code workflow} that is null). What ComfyUI itself answers well, such as a node
 * that it does not know, is left to it. Names that nobody here knows pass: custom nodes may read them.
 */
public final class Inspection {
  /** Made anew by us, or, of {@code number} and {@code front}, ours to decide. */
  private static final Set<String> OURS_ON_TOP = Set.of(PROMPT_ID, CLIENT_ID, NUMBER, FRONT, EXTRA_DATA);
  /** Set by ComfyUI or by us; a client's own would tell lies. */
  private static final Set<String> OURS_IN_EXTRA = Set.of(CLIENT_ID, CREATE_TIME, ANTEROOM);

  /** A wish for an id, each character of it written as an escape. */
  private static final int LONGEST_ID = 6 * ClientIds.LONGEST_WISH + 2;
  /** Of a list of outputs; the graph of one that is longer is not judged. */
  private static final int LONGEST_TARGETS = 64 << 10;
  /** Of all secrets together; what is longer is none, and would be stored and read as a whole. */
  static final int MAX_SECRETS = 64 << 10;

  private final String user;
  private final Member body;
  private final Blocks sent;

  private Inspection(String user, Member body, Blocks sent) {
    this.user = user;
    this.body = body;
    this.sent = sent;
  }

  /** The run that the user asks for with this body; throws a refusal when it cannot be made harmless. */
  public static Run inspect(String user, Buffer sent) {
    return inspect(user, StrictJson.read(sent.getBytes()), Blocks.of(sent));
  }

  /** The same of a body that was read block by block, and of which {@link #keeping} was kept. */
  public static Run inspect(String user, Member body, Blocks sent) {
    if (!body.isObject()) {
      throw ApiRefusals.notAnObject(body.rawValue());
    }
    return new Inspection(user, body, sent).run();
  }

  /** Of a large body only what is ours to read, and a graph of the usual size, which can be judged. */
  public static int keeping(String parent, String name) {
    boolean isTop = parent.isEmpty();
    return switch (name) {
      case PROMPT -> isTop ? QueueServices.BLOCK : 0;
      case TARGETS -> isTop ? LONGEST_TARGETS : 0;
      case PROMPT_ID, CLIENT_ID, NUMBER, FRONT -> isTop ? LONGEST_ID : 0;
      default -> (isTop || parent.equals(EXTRA_DATA)) && PromptBody.isSecret(name) ? MAX_SECRETS : 0;
    };
  }

  private Run run() {
    checkPrompt(body.member(PROMPT).orElseThrow(ApiRefusals::noPrompt));
    body.member(TARGETS).filter(targets -> !targets.ofStrings()).ifPresent(targets -> {
      throw ApiRefusals.invalidTargets(targets.rawValue());
    });
    body.member(NUMBER).filter(number -> !number.isNumber()).ifPresent(number -> {
      throw ApiRefusals.invalidNumber(number.rawValue());
    });
    TaskId id = body.member(PROMPT_ID).map(Inspection::taskId).orElseGet(TaskId::random);
    String client = ClientIds.of(user, body.member(CLIENT_ID).map(Inspection::clientId)
      .filter(text -> !text.isEmpty()).orElseGet(() -> "anteroom-" + id));
    // ComfyUI would also read a negative number as "before everything else"; here only the wish itself is heard.
    boolean front = body.member(FRONT).filter(wish -> wish.kind() == Member.Kind.TRUE).isPresent();
    List<Member> top = top();
    List<Member> extra = extra();
    return new Run(id, client, front, payload(id, client, top, extra), secrets(top, extra), Graph.of(body));
  }

  private Payload payload(TaskId id, String client, List<Member> top, List<Member> extra) {
    ComposedPayload.Builder request = new ComposedPayload.Builder().add("{");
    add(top, request);
    request.add(PromptBody.oursOnTop(id, client));
    add(extra, request);
    return request.add(PromptBody.attemptOf(id)).of(sent);
  }

  /** Those that are no secrets, each with a comma behind it. */
  private static void add(List<Member> members, ComposedPayload.Builder request) {
    for (Member member : members) {
      if (member.name().equals(EXTRA_PNGINFO) && member.isObject()) {
        addPngInfo(member, request);
      } else if (!PromptBody.isSecret(member.name())) {
        request.add(member).comma();
      }
    }
  }

  /** What goes into the pictures, without a workflow that is none. */
  private static void addPngInfo(Member info, ComposedPayload.Builder request) {
    List<Member> sound = info.members().stream()
      .filter(member -> !member.name().equals(WORKFLOW) || member.isObject()).toList();
    request.add("\"" + EXTRA_PNGINFO + "\":{");
    for (int at = 0; at < sound.size(); at++) {
      request.add(at == 0 ? "" : ",").add(sound.get(at));
    }
    request.add("},");
  }

  private static String secrets(List<Member> top, List<Member> extra) {
    String secrets = PromptBody.secrets(rawSecrets(top), rawSecrets(extra));
    if (secrets.length() > MAX_SECRETS) {
      throw ApiRefusals.secretTooLong(Stream.concat(top.stream(), extra.stream()).map(Member::name)
        .filter(PromptBody::isSecret).findFirst().orElse(""), MAX_SECRETS);
    }
    return secrets;
  }

  private static List<String> rawSecrets(List<Member> members) {
    return members.stream().filter(member -> PromptBody.isSecret(member.name())).map(secret -> {
      if (!secret.isKept() || secret.end() - secret.start() > MAX_SECRETS) {
        throw ApiRefusals.secretTooLong(secret.name(), MAX_SECRETS);
      }
      return Json.encode(secret.name()) + ":" + secret.rawValue();
    }).toList();
  }

  private static void checkPrompt(Member prompt) {
    if (!prompt.isObject()) {
      throw ApiRefusals.promptIsNoObject(prompt.rawValue());
    }
    prompt.members().forEach(Inspection::checkNode);
  }

  private static void checkNode(Member node) {
    if (!node.isObject()) {
      throw ApiRefusals.nodeIsNoObject(node.name(), node.rawValue());
    }
    for (Member part : node.members()) {
      boolean sound = switch (part.name()) {
        case CLASS_TYPE -> part.isString();
        case INPUTS -> part.isObject();
        default -> true;
      };
      if (!sound) {
        throw ApiRefusals.nodeIsUnsound(node.name(), part.name(), part.rawValue());
      }
    }
  }

  private static TaskId taskId(Member sent) {
    return Optional.of(sent).filter(Member::isString).flatMap(text -> TaskId.parse(text.string()))
      .orElseThrow(() -> ApiRefusals.invalidPromptId(sent.rawValue()));
  }

  private static String clientId(Member sent) {
    if (!sent.isString() && !sent.isNumber()) {
      throw ApiRefusals.invalidClientId(sent.rawValue());
    }
    String text = sent.isString() ? sent.string() : sent.rawValue();
    if (!text.isEmpty() && !ClientIds.isSound(text)) {
      throw ApiRefusals.invalidClientId(sent.rawValue());
    }
    return text;
  }

  private List<Member> top() {
    return body.members().stream()
      .filter(member -> !OURS_ON_TOP.contains(member.name()))
      .filter(member -> !member.name().equals(TARGETS) || !member.isNull())
      .toList();
  }

  private List<Member> extra() {
    Optional<Member> extra = body.member(EXTRA_DATA);
    extra.filter(data -> !data.isObject()).ifPresent(data -> {
      throw ApiRefusals.invalidExtraData(data.rawValue());
    });
    return extra.stream()
      .flatMap(data -> data.members().stream())
      .filter(member -> !OURS_IN_EXTRA.contains(member.name()))
      .filter(member -> !member.name().equals(EXTRA_PNGINFO) || member.isObject())
      .toList();
  }

  /**
   * A workflow that was looked over and may be queued.
   *
   * @param front   whether its user wants it before his own waiting ones
   * @param payload the request for ComfyUI up to the attempt, see {@link io.anteroom.comfy.PromptBody}
   * @param secrets how the request ends with its user's secrets; empty without any
   * @param graph   the same workflow, to be judged; empty when it is too large for that
   */
  public record Run(TaskId id, String clientId, boolean front, Payload payload, String secrets, Optional<Graph> graph) {
  }
}
