package io.anteroom.api;

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

import com.fasterxml.jackson.core.JsonToken;
import io.anteroom.comfy.ClientIds;
import io.anteroom.comfy.PromptBody;
import io.anteroom.task.TaskId;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks a body over before anything of it is stored: repairs what has a harmless meaning, refuses what would harm an
 * instance.
 *
 * <p>Some bodies stop a whole ComfyUI server (a {@code client_id} that is a list), its worker ({@code extra_data} that
 * is null) or everybody's job list ({@code workflow} that is null). What ComfyUI itself answers well, such as a node
 * that it does not know, is left to it. Names that nobody here knows pass: custom nodes may read them.
 */
final class Inspection {
  /** Made anew by us, or, of {@code number} and {@code front}, ours to decide. */
  private static final Set<String> OURS_ON_TOP = Set.of(PROMPT_ID, CLIENT_ID, NUMBER, FRONT, EXTRA_DATA);
  /** Set by ComfyUI or by us; a client's own would tell lies. */
  private static final Set<String> OURS_IN_EXTRA = Set.of(CLIENT_ID, CREATE_TIME, ANTEROOM);

  /** Stands where bytes were no text; only then is it worth a second, strict look at what may be 100 MB. */
  private static final char REPLACED = '\uFFFD';

  private final String user;
  private final Member body;

  private Inspection(String user, Member body) {
    this.user = user;
    this.body = body;
  }

  /** The run that the user asks for with this body; throws a refusal when it cannot be made harmless. */
  static Run inspect(String user, Buffer sent) {
    Member body = StrictJson.read(text(sent));
    if (!body.isObject()) {
      throw ApiRefusals.notAnObject(body.rawValue());
    }
    return new Inspection(user, body).run();
  }

  private static String text(Buffer sent) {
    String text = sent.toString(StandardCharsets.UTF_8);
    if (text.indexOf(REPLACED) >= 0 && !isUtf8(sent)) {
      throw ApiRefusals.notUtf8();
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static boolean isUtf8(Buffer sent) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(sent.getBytes()));
      return true;
    } catch (CharacterCodingException notUtf8) {
      return false;
    }
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
    boolean front = body.member(FRONT).filter(wish -> wish.kind() == JsonToken.VALUE_TRUE).isPresent();
    List<Member> top = top();
    List<Member> extra = extra();
    PromptBody request = PromptBody.of(id, client, raw(top, false), raw(extra, false))
      .with(raw(top, true), raw(extra, true));
    return new Run(id, client, front, request, Graph.of(body));
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

  /** Those that are secrets, or those that are not, as they are passed on. */
  private static List<String> raw(List<Member> members, boolean secret) {
    return members.stream()
      .filter(member -> PromptBody.isSecret(member.name()) == secret)
      .map(member -> member.name().equals(EXTRA_PNGINFO) ? pngInfo(member) : member.raw())
      .toList();
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

  /** What goes into the pictures, without a workflow that is none. */
  private static String pngInfo(Member info) {
    return info.members().stream()
      .filter(member -> !member.name().equals(WORKFLOW) || member.isObject())
      .map(Member::raw)
      .collect(Collectors.joining(",", "\"" + EXTRA_PNGINFO + "\":{", "}"));
  }
}
