package io.anteroom.queueapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.simulator.Simulator;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.browser.FrontDoor;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.SimulatedInstances;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sends through Anteroom every workflow that real ComfyUI servers were recorded to object to, while the only place is
 * taken, and compares the answers to the letter. Apart from that, and only that: the lines of a traceback; the number
 * of what is accepted; what stands in no JSON object, which Anteroom refuses in words of its own.
 */
class RecordedErrorsTest {
  @ParameterizedTest
  @EnumSource(ComfyVersion.class)
  void answersAreThoseOfComfyUi(ComfyVersion version) throws IOException {
    Vertx vertx = Vertx.vertx();
    try (SimulatedInstances lab = new SimulatedInstances(vertx, Simulator.Options.of(1).withVersion(version));
        FrontDoor door = new FrontDoor(vertx, URI.create(lab.instance(0).url()))) {
      door.awaitLearned();
      door.fillTheOnlyPlace();
      int compared = 0;
      for (Object step : recording(version).getJsonArray("steps")) {
        JsonObject http = ((JsonObject) step).getJsonObject("http");
        if (http.getJsonObject("request").getValue("body") instanceof JsonObject body) {
          compare(door.send("alice", body), http.getJsonObject("response"), ((JsonObject) step).getString("note"));
          compared++;
        }
      }
      assertThat(compared).isEqualTo(10);
    }
  }

  private static void compare(Answer answer, JsonObject recorded, String note) {
    JsonObject expected = recorded.getJsonObject("json");
    JsonObject actual = answer.json();
    assertThat(answer.status()).as(note).isEqualTo(recorded.getInteger("status"));
    if (answer.status() == 200) {
      actual = only(actual, "node_errors");
      expected = only(expected, "node_errors");
    } else if (note.equals("no prompt")) {
      actual.getJsonObject("error").put("extra_info", new JsonObject());
    }
    assertThat(plain(actual)).as(note).isEqualTo(plain(expected));
  }

  private static JsonObject only(JsonObject all, String name) {
    return JsonObject.of(name, all.getJsonObject(name));
  }

  private static String plain(JsonObject json) {
    return withoutTracebacks(json).encode();
  }

  private static JsonObject withoutTracebacks(JsonObject json) {
    JsonObject plain = new JsonObject();
    json.forEach(entry -> plain.put(entry.getKey(), entry.getKey().equals("traceback")
      ? kindOf((JsonArray) entry.getValue()) : withoutTracebacks(entry.getValue())));
    return plain;
  }

  private static Object withoutTracebacks(Object value) {
    if (value instanceof JsonArray list) {
      return new JsonArray(list.stream().map(RecordedErrorsTest::withoutTracebacks).toList());
    }
    return value instanceof JsonObject object ? withoutTracebacks(object) : value;
  }

  private static String kindOf(JsonArray traceback) {
    assertThat(traceback).isNotEmpty()
      .allSatisfy(line -> assertThat(line).asString().startsWith("  File \"execution.py\", "));
    return "%d lines".formatted(traceback.size());
  }

  private static JsonObject recording(ComfyVersion version) throws IOException {
    return new JsonObject(Files.readString(
      Path.of("src/test/resources/comfyui-wire/v%s/04-validation-errors.json".formatted(version))));
  }
}
