package io.anteroom.queueapi.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.objectinfo.NodeClasses;
import io.anteroom.comfy.objectinfo.NodeClasses.NodeClass;
import io.anteroom.comfy.protocol.ComfyProtocol.Release;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An instance with the classes that a test gives it, and small workflows for it. */
final class JudgeBench {
  static final Release OLD = new Release(0, 8, 0);
  static final Release NEW = new Release(0, 28, 0);
  static final String SIZED = """
    {"required":{"width":["INT",{"min":16,"max":1024}],"cfg":["FLOAT",{"min":0.5,"max":1.5}]}}""";

  private final Map<String, NodeClass> classes = new HashMap<>();

  ValidationResult judge(Release release, JsonObject workflow) {
    return verdict(release, graph(workflow, ""));
  }

  ValidationResult verdict(Release release, WorkflowGraph graph) {
    return WorkflowValidator.validate(graph, new NodeClasses(Optional.of(release), classes, 0));
  }

  static WorkflowGraph graph(JsonObject workflow, String more) {
    return RequestSanitizer.inspect("alice", Buffer.buffer("{\"prompt\":" + workflow.encode() + more + "}"))
      .graph().orElseThrow();
  }

  static JsonObject onlyError(ValidationResult verdict) {
    JsonArray errors = verdict.nodeErrors().getJsonObject("9").getJsonArray("errors");
    assertThat(errors).hasSize(1);
    return errors.getJsonObject(0);
  }

  /** A workflow of one node, which is its output. */
  static JsonObject node(String type, String inputs) {
    return JsonObject.of("9", nodeOf(type, new JsonObject(inputs)));
  }

  static JsonObject nodeOf(String type, JsonObject inputs) {
    return JsonObject.of("class_type", type, "inputs", inputs);
  }

  static JsonObject chain(String source, String input, String output, String linked) {
    return JsonObject.of("1", nodeOf(source, JsonObject.of(input, JsonArray.of())),
      "9", nodeOf(output, JsonObject.of(linked, JsonArray.of("1", 0))));
  }

  void add(NodeClass nodeClass) {
    classes.put(nodeClass.name(), nodeClass);
  }

  void core(String name, String inputs, String... outputs) {
    add(new NodeClass(name, "nodes", true, List.of(outputs), inputs));
  }

  void custom(String name, String inputs, String... outputs) {
    add(new NodeClass(name, "custom_nodes.my-pack", true, List.of(outputs), inputs));
  }
}
