package io.anteroom.queueapi.validation;

import io.anteroom.comfy.PromptRequest;
import io.anteroom.queueapi.request.JsonMember;
import io.anteroom.queueapi.request.StrictJsonParser;
import io.anteroom.queueapi.validation.ValidationResult.Doubt;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The workflow of a checked run, as far as early validation needs it.
 *
 * @param nodes   by id, in the order in which they were sent
 * @param targets the requested outputs; empty for all
 */
public record WorkflowGraph(Map<String, Node> nodes, Optional<List<String>> targets) {
  /** Metadata of a workflow node, such as its title. */
  private static final String META = "_meta";
  private static final String TITLE = "title";

  /** A workflow node; its inputs are kept as the client wrote them. */
  record Node(Optional<String> className, Optional<JsonMember> given, Optional<JsonMember> meta) {
    private static Node of(JsonMember node) {
      return new Node(node.member(PromptRequest.CLASS_TYPE).map(JsonMember::string), node.member(PromptRequest.INPUTS),
        node.members().stream().filter(member -> member.name().equals(META)).findFirst());
    }

    /** Its inputs, by name. */
    Optional<JsonObject> inputs() {
      return given.map(Node::object);
    }

    /** Fails with a {@link Doubt} for numbers that only Python accepts. */
    private static JsonObject object(JsonMember member) {
      String text = member.rawValue();
      return text.contains("NaN") || text.contains("Infinity") ? Doubt.raise() : new JsonObject(text);
    }

    /** The ids that its inputs link to. */
    List<String> links() {
      return inputs().stream().flatMap(all -> all.stream())
        .flatMap(input -> input.getValue() instanceof JsonArray link && link.size() == 2
          && link.getValue(0) instanceof String from ? Stream.of(from) : Stream.empty())
        .toList();
    }

    /** Its title, which may be empty; fails with a {@link Doubt} if it is not a string. */
    Optional<String> title() {
      if (meta.isEmpty()) {
        return Optional.empty();
      }
      JsonObject about = meta.filter(JsonMember::isObject).map(Node::object).orElseThrow(Doubt::new);
      if (!about.containsKey(TITLE)) {
        return Optional.empty();
      }
      return Optional.of(about.getValue(TITLE) instanceof String text ? text : Doubt.raise());
    }
  }

  /** Of a body that {@link RequestSanitizer} has accepted; empty if its text was not kept. */
  static Optional<WorkflowGraph> of(JsonMember body) {
    JsonMember prompt = body.member(PromptRequest.PROMPT).orElseThrow();
    Optional<JsonMember> targets = body.member(PromptRequest.TARGETS);
    return prompt.isKept() && targets.map(JsonMember::isKept).orElse(true)
      ? Optional.of(new WorkflowGraph(nodes(prompt), targets.map(WorkflowGraph::texts))) : Optional.empty();
  }

  private static Map<String, Node> nodes(JsonMember prompt) {
    Map<String, Node> nodes = new LinkedHashMap<>();
    boolean areKept = prompt.members().stream().flatMap(node -> node.members().stream()).allMatch(JsonMember::isKept);
    JsonMember whole = areKept ? prompt
      : StrictJsonParser.read("{\"prompt\":%s}".formatted(prompt.rawValue())).members().get(0);
    whole.members().forEach(member -> nodes.put(member.name(), Node.of(member)));
    return nodes;
  }

  boolean isWanted(String id) {
    return targets.map(wanted -> wanted.contains(id)).orElse(true);
  }

  private static List<String> texts(JsonMember list) {
    return ((JsonArray) Json.decodeValue(list.rawValue())).stream().map(String::valueOf).toList();
  }
}
