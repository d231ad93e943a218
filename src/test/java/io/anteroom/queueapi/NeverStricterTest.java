package io.anteroom.queueapi;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.objectinfo.NodeClasses;
import io.anteroom.comfy.objectinfo.ObjectInfoCache;
import io.anteroom.comfy.objectinfo.ObjectInfoClient;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.directory.Instance;
import io.anteroom.queueapi.validation.InputSpec;
import io.anteroom.queueapi.validation.RequestSanitizer;
import io.anteroom.queueapi.validation.ValidationResult;
import io.anteroom.queueapi.validation.WorkflowValidator;
import io.anteroom.simulator.Simulator;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.client.Student;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.SimulatedInstances;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many random workflows: whatever is objected to before, a ComfyUI objects to as well, and in the same words. */
class NeverStricterTest {
  private static final int WORKFLOWS = 600;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @ParameterizedTest
  @EnumSource(ComfyVersion.class)
  void nothingIsRefusedThatComfyUiAccepts(ComfyVersion version) {
    Vertx vertx = Vertx.vertx();
    Student student = new Student("anybody");
    int objections = 0;
    int accepted = 0;
    try (SimulatedInstances lab = new SimulatedInstances(vertx, Simulator.Options.of(1).withVersion(version)
        .withSpeed(0))) {
      NodeClasses nodes = done(new ObjectInfoCache(vertx, new ObjectInfoClient(vertx, PATIENCE, TlsTrust.USUAL,
        PATIENCE))
        .learn(new Instance("gpu", URI.create(lab.instance(0).url()), "gpu", 1)));
      RandomWorkflows workflows = new RandomWorkflows(new Random(42), nodes);
      for (int i = 0; i < WORKFLOWS; i++) {
        String body = JsonObject.of("prompt", workflows.next()).encode();
        ValidationResult verdict = WorkflowValidator.validate(RequestSanitizer.inspect("alice", Buffer.buffer(body))
          .graph().orElseThrow(), nodes);
        Answer answer = student.post(lab.instance(0).url() + "/prompt", body);
        compare(verdict, answer, body);
        objections += verdict.objects() ? 1 : 0;
        accepted += answer.status() == 200 ? 1 : 0;
      }
    }
    done(vertx.close());

    assertThat(objections).isBetween(WORKFLOWS / 10, WORKFLOWS * 9 / 10);
    assertThat(accepted).isBetween(WORKFLOWS / 10, WORKFLOWS * 9 / 10);
  }

  private static void compare(ValidationResult verdict, Answer answer, String body) {
    if (verdict.error().isPresent()) {
      assertThat(answer.status()).as(body).isGreaterThanOrEqualTo(400);
    }
    if (answer.status() < 500) {
      JsonObject refused = answer.json().getJsonObject("node_errors");
      JsonObject foreseen = verdict.nodeErrors().copy();
      refused.forEach(node -> {
        if (raised((JsonObject) node.getValue())) {
          foreseen.remove(node.getKey());
        }
      });
      assertThat(errors(refused)).as(body).containsAll(errors(foreseen));
    }
  }

  /** A node whose own VALIDATE_INPUTS fails, for instance without an input that it takes: only its failure is told. */
  private static boolean raised(JsonObject node) {
    return node.getJsonArray("errors").stream()
      .anyMatch(error -> ((JsonObject) error).getString("type").startsWith("exception_"));
  }

  /** Node, type, words and what they are about; which outputs suffer may be known in part only. */
  private static Set<String> errors(JsonObject nodeErrors) {
    return nodeErrors.stream()
      .flatMap(entry -> ((JsonObject) entry.getValue()).getJsonArray("errors").stream()
        .map(error -> entry.getKey() + " " + plain((JsonObject) error)))
      .collect(Collectors.toSet());
  }

  /** A traceback and, inside a node, the declaration are not what this is about. */
  private static String plain(JsonObject error) {
    JsonObject extra = error.getJsonObject("extra_info").copy();
    extra.remove("traceback");
    if (error.getString("type").startsWith("exception_")) {
      extra = new JsonObject();
    }
    return error.getString("type") + " " + error.getString("message") + " " + error.getString("details") + " " + extra;
  }

  /** Workflows of known and unknown classes, more often than not with sound values. */
  private record RandomWorkflows(Random random, NodeClasses nodes) {
    private static final Object[] ODD = {"abc", "", "5", "1_0", 5, -5, 0.5, 1e9, true, null, "euler", "人像",
      JsonArray.of("1"), JsonArray.of("99", 0), JsonArray.of("1", 7), new JsonObject()};

    JsonObject next() {
      JsonObject workflow = new JsonObject();
      int size = 2 + random.nextInt(8);
      for (int i = 1; i <= size; i++) {
        workflow.put(String.valueOf(i), node(workflow));
      }
      return workflow;
    }

    private JsonObject node(JsonObject before) {
      String name = random.nextInt(60) == 0 ? "NoSuchNode" : pick(nodes.classes().keySet().stream().sorted().toArray());
      JsonObject inputs = new JsonObject();
      nodes.find(name).flatMap(InputSpec::of).ifPresent(declared -> declared.forEach(input -> {
        if (random.nextInt(20) != 0) {
          inputs.put(input.name(), random.nextInt(20) == 0 ? ODD[random.nextInt(ODD.length)] : sound(input, before));
        }
      }));
      return random.nextInt(60) == 0 ? JsonObject.of("class_type", name)
        : JsonObject.of("class_type", name, "inputs", inputs);
    }

    private Object sound(InputSpec input, JsonObject before) {
      Map<String, Object> bounds = input.options().getMap();
      if (input.is("INT") || input.is("FLOAT")) {
        return bounds.getOrDefault("min", 1);
      }
      if (input.type() instanceof JsonArray choices && !choices.isEmpty()) {
        return pick(choices.stream().toArray());
      }
      return input.is("STRING") ? "text" : link(input, before);
    }

    /** To a node that gives the type when there is one, else to any. */
    private Object link(InputSpec input, JsonObject before) {
      List<String> fitting = before.fieldNames().stream()
        .filter(id -> nodes.find(before.getJsonObject(id).getString("class_type"))
          .filter(source -> source.outputs().indexOf(input.type()) == 0).isPresent())
        .toList();
      return JsonArray.of(fitting.isEmpty() || random.nextInt(30) == 0
        ? String.valueOf(1 + random.nextInt(before.size() + 1)) : pick(fitting.toArray()), 0);
    }

    private String pick(Object[] all) {
      return (String) all[random.nextInt(all.length)];
    }
  }
}
