package io.anteroom.queueapi.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.PromptRequest;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.queueapi.validation.RequestSanitizer.Run;
import io.anteroom.support.Payloads;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is sent, it is refused for a listed reason or made harmless. */
class InspectionFuzzTest {
  private static final int BODIES = 20_000;
  private static final String SOUND = """
    {"client_id":"tab-1","prompt":{"3":{"class_type":"KSampler","inputs":{"seed":18446744073709551615,"cfg":8.0,
    "model":["4",0]},"_meta":{"title":"采样"}},"9":{"class_type":"SaveImage","inputs":{"images":["3",0]}}},
    "extra_data":{"extra_pnginfo":{"workflow":{"id":"w","nodes":[]}},"auth_token_comfy_org":"s","client_id":"x",
    "create_time":1,"anteroom":{"task":"t","attempt":9}},"partial_execution_targets":["9"],"front":true,"number":-1,
    "prompt_id":"6F0C9E5A-1b2c-4d3e-8f90-0123456789ab"}""";
  private static final List<String> SHAPES = List.of("null", "true", "0", "-1.5e3", "1e999", "\"\"", "\"text\"",
    "\"\\ud800\"", "[]", "[null]", "[\"1\",\"2\"]", "[[[]]]", "{}", "{\"workflow\":null}", "{\"1\":null}",
    "{\"1\":{\"class_type\":[],\"inputs\":{}}}", "{\"prompt\":{}}", "{\"a\":1,\"a\":2}", "NaN");

  private final Random random = new Random(20261123);
  private final Map<ApiException.Code, Integer> refused = new EnumMap<>(ApiException.Code.class);
  private int accepted;

  @Test
  void everyBodyIsRefusedForAListedReasonOrHarmless() {
    for (int i = 0; i < BODIES; i++) {
      String body = random.nextInt(4) == 0 ? damaged(SOUND) : reshaped();
      try {
        assertHarmless(body, RequestSanitizer.inspect("ann", Buffer.buffer(body)));
        accepted++;
      } catch (ApiException refusal) {
        refused.merge(refusal.code(), 1, Integer::sum);
      }
    }

    assertThat(accepted).isGreaterThan(BODIES / 20);
    assertThat(refused.keySet()).containsExactlyInAnyOrder(
      ApiException.Code.NOT_JSON, ApiException.Code.NOT_AN_OBJECT, ApiException.Code.NO_PROMPT,
      ApiException.Code.INVALID_PROMPT,
      ApiException.Code.INVALID_PROMPT_ID, ApiException.Code.INVALID_CLIENT_ID, ApiException.Code.INVALID_EXTRA_DATA,
      ApiException.Code.INVALID_NUMBER);
  }

  private static void assertHarmless(String body, Run run) {
    JsonObject sent = PythonJson.object(PromptRequest.complete(Payloads.text(run.payload()), run.secrets(), 1));
    JsonObject extra = sent.getJsonObject("extra_data");
    assertThat(sent.getJsonObject("prompt")).as(body).isEqualTo(PythonJson.object(body).getJsonObject("prompt"));
    assertThat(sent.getJsonObject("prompt")).allSatisfy(node -> assertNode((JsonObject) node.getValue()));
    assertThat(new TaskId(sent.getString("prompt_id"))).isEqualTo(run.id());
    assertThat(sent.getString("client_id")).isEqualTo(run.clientId()).isNotEmpty().hasSizeLessThanOrEqualTo(200);
    assertThat(sent.fieldNames()).doesNotContain("number", "front");
    assertThat(sent.getJsonArray("partial_execution_targets", new JsonArray())).allMatch(String.class::isInstance);
    assertThat(extra.fieldNames()).doesNotContain("client_id", "create_time").contains("anteroom");
    assertThat(extra.getJsonObject("anteroom"))
      .isEqualTo(new JsonObject().put("task", run.id().value()).put("attempt", 1));
    if (extra.containsKey("extra_pnginfo")) {
      assertPngInfo(extra.getValue("extra_pnginfo"));
    }
  }

  private static void assertNode(JsonObject node) {
    assertThat(node.getValue("class_type", "")).isInstanceOf(String.class);
    assertThat(node.getValue("inputs", new JsonObject())).isInstanceOf(JsonObject.class);
  }

  private static void assertPngInfo(Object info) {
    assertThat(info).isInstanceOf(JsonObject.class);
    assertThat(((JsonObject) info).getValue("workflow", new JsonObject())).isInstanceOf(JsonObject.class);
  }

  /** A sound body in which one to three values have another shape, are gone or stand elsewhere. */
  private String reshaped() {
    JsonObject body = new JsonObject(SOUND);
    List<String> marks = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      marks.add(SHAPES.get(random.nextInt(SHAPES.size())));
      reshape(body, "@" + i + "@");
    }
    String text = random.nextInt(50) == 0 ? "\"@0@\"" : body.encode();
    for (int i = 0; i < marks.size(); i++) {
      text = text.replace("\"@" + i + "@\"", marks.get(i));
    }
    return text;
  }

  private void reshape(JsonObject object, String mark) {
    List<String> names = new ArrayList<>(object.fieldNames());
    String name = names.get(random.nextInt(names.size()));
    if (object.getValue(name) instanceof JsonObject inner && !inner.isEmpty() && random.nextInt(3) > 0) {
      reshape(inner, mark);
    } else if (random.nextInt(5) == 0 && names.size() > 1) {
      object.remove(name);
    } else {
      object.put(name, mark);
    }
  }

  /** A text in which some characters are gone, doubled or others. */
  private String damaged(String text) {
    StringBuilder damaged = new StringBuilder(text);
    for (int i = 0; i <= random.nextInt(3); i++) {
      int at = random.nextInt(damaged.length() - 1);
      switch (random.nextInt(3)) {
        case 0 -> damaged.deleteCharAt(at);
        case 1 -> damaged.insert(at, Json.encode(SHAPES.get(random.nextInt(SHAPES.size()))));
        default -> damaged.setCharAt(at, (char) random.nextInt(0x3000));
      }
    }
    return damaged.toString();
  }
}
