package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page behind Anteroom hears of its runs what it hears at ComfyUI itself, as recordings of the real one have it. */
class RecordedRunsTest {
  private static final Path RECORDINGS = Path.of("src/test/resources/comfyui-wire/v0.28.0");
  /** How often progress is told depends on the machine; of the rest, statuses are counted. */
  private static final Set<String> NOT_COMPARED = Set.of("status", "feature_flags", "progress", "progress_state");

  private final SessionFixture house = new SessionFixture(10);

  @AfterEach
  void close() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"01-success", "03-cached", "07-execution-error", "16-validate-inputs", "18-three-short-runs"})
  void aPageHearsOfItsRunsWhatComfyUiTells(String recording) throws IOException {
    List<JsonObject> steps = new JsonObject(Files.readString(RECORDINGS.resolve(recording + ".json")))
      .getJsonArray("steps").stream().map(JsonObject.class::cast).toList();
    Tab tab = house.tab("alice", "tab");
    String sid = tab.sid();

    for (JsonObject http : steps.stream().flatMap(RecordedRunsTest::submit).toList()) {
      JsonObject recorded = http.getJsonObject("response").getJsonObject("json");
      JsonObject answer = house.submit("alice", sid, http.getJsonObject("request").getJsonObject("body")
        .getJsonObject("prompt"));
      assertThat(objections(answer)).as(http.encode()).isEqualTo(objections(recorded));
      assertThat(answer.getValue("error")).isEqualTo(recorded.getValue("error"));
      if (recorded.containsKey("prompt_id")) {
        tab.hearsTheEndOf(answer.getString("prompt_id"));
      }
    }

    List<JsonObject> told = steps.stream().filter(step -> step.containsKey("ws") && step.containsKey("json"))
      .map(step -> step.getJsonObject("json")).toList();
    until(() -> tab.lastRemaining() == 0);
    assertThat(ofRuns(tab.told())).isEqualTo(ofRuns(told));
    assertThat(tab.remaining().size()).as("each has a page ask for its lists again")
      .isLessThanOrEqualTo((int) told.stream().filter(message -> "status".equals(message.getString("type"))).count());
  }

  private static Stream<JsonObject> submit(JsonObject step) {
    JsonObject http = step.getJsonObject("http");
    return http != null && http.getJsonObject("request").getString("method").equals("POST")
      && http.getJsonObject("request").getString("path").equals("/prompt") ? Stream.of(http) : Stream.empty();
  }

  /** Node, error and what is wrong; a traceback shows the instance's own code. */
  private static List<String> objections(JsonObject answer) {
    return answer.getJsonObject("node_errors").stream().flatMap(node -> ((JsonObject) node.getValue())
      .getJsonArray("errors").stream().map(JsonObject.class::cast)
      .map(error -> node.getKey() + " " + error.getString("type") + " " + error.getString("details"))).toList();
  }

  /** Event and node, in the order in which they were told. */
  private static List<String> ofRuns(List<JsonObject> messages) {
    return messages.stream().filter(message -> !NOT_COMPARED.contains(message.getString("type")))
      .map(message -> message.getString("type") + " "
        + message.getJsonObject("data").getValue("node", message.getJsonObject("data").getValue("node_id")))
      .toList();
  }
}
