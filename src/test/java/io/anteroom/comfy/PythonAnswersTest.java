package io.anteroom.comfy;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.OwnRunsParser.OwnRun;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.comfy.json.RawListParser.Item;
import io.anteroom.comfy.json.ResponseBudget;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.directory.Instance;
import io.anteroom.support.LogLines;
import io.anteroom.support.server.SmallInstance;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an instance says is what Python writes: wherever it is read, a run is found, and its text stays as it is. */
class PythonAnswersTest {
  private static final TaskId ID = new TaskId("6a1ef6b0-5a5e-4b5f-9d5a-000000000001");
  private static final String TUPLE = "[1,\"" + ID + "\",{\"1\":{\"inputs\":{\"x\":%s}}},{\"client_id\":\"tab\","
    + "\"anteroom\":{\"task\":\"" + ID + "\",\"attempt\":1},\"x\":%s},[]]";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final SmallInstance comfy = new SmallInstance(vertx);
  private final Instance instance = new Instance("pc", comfy.url(), "pc", 1);
  private final ComfyClient client = new ComfyClient(vertx,
    new Settings.Instances(PATIENCE, PATIENCE, PATIENCE, 64), PATIENCE);
  private final PanelClient pages = new PanelClient(vertx, PATIENCE, TlsTrust.USUAL, PATIENCE);
  private final ResponseBudget.Account account = ResponseBudget.of(vertx).open("ann");

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "1e999", "[NaN, {\"a\": -Infinity}]", "\"\\ud83d\"",
    "{\"\\udc08\": 1}", "1234567890123456789012345678901234567890", "1e-05", "\"\\u0000\""})
  void aRunIsFoundWhateverStandsInItsGraph(String value) {
    answers(value);

    assertThat(done(client.whereabouts(instance, ID))).isInstanceOf(RunState.Running.class);
    comfy.answers("/queue", request -> request.response().end("{\"queue_running\": [], \"queue_pending\": []}"));
    assertThat(done(client.whereabouts(instance, ID))).isInstanceOf(RunState.Ended.class);
    assertThat(done(client.ours(instance))).extracting(OwnRun::id).containsExactly(ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "-Infinity", "1e999", "\"\\ud83d\"", "{\"\\udc08\": 1}",
    "1234567890123456789012345678901234567890"})
  void itsTextStaysAsItIs(String value) {
    answers(value);

    List<Item> queue = done(pages.queue(account, instance));
    List<Item> history = done(pages.history(account, instance, 10));

    assertThat(queue).singleElement().satisfies(item -> {
      assertThat(item.id()).isEqualTo(ID.value());
      assertThat(item.text()).hasToString(TUPLE.formatted(value, value));
      assertThat(item.numbered(77)).hasToString(TUPLE.formatted(value, value).replaceFirst("1", "77"));
    });
    assertThat(history).singleElement().satisfies(item -> assertThat(item.text().toString()).contains(value));
    assertThat(OutputParser.files(Buffer.buffer("{\"a\":" + history.get(0).text() + "}")))
      .containsExactly(new OutputParser.OutputFile("output", "", "a.png"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "-Infinity", "\"\\ud83d\"", "1234567890123456789012345678901234567890"})
  void aJobIsPassedOnAsPythonWouldWriteIt(String value) {
    comfy.answers("/api/jobs", request ->
      request.response().end("{\"jobs\": [{\"id\": \"a\", \"x\": " + value + "}]}"));

    PanelClient.Jobs jobs = done(pages.jobs(account, instance, ""));

    assertThat(jobs.status()).isEqualTo(200);
    assertThat(PythonJson.text(jobs.body()).toLowerCase()).contains("\"x\":" + value.toLowerCase());
  }

  /** Its outcome is told, with what it made and the values that broke it. */
  @Test
  void theEndOfARunIsReadWithNumbersThatAreNone() {
    comfy.answers("/queue", request -> request.response().end("{\"queue_running\":[],\"queue_pending\":[]}"));
    comfy.answers("/history/" + ID, request -> request.response().end("{\"" + ID + "\": {\"prompt\": [1, \"x\"], "
      + "\"outputs\": {\"9\": {\"mean\": [NaN]}}, \"status\": {\"status_str\": \"error\", \"messages\": [["
      + "\"execution_error\", {\"exception_message\": \"bad\", \"current_inputs\": {\"x\": [Infinity]}}]]}}}"));

    RunState.Ended ended = (RunState.Ended) done(client.whereabouts(instance, ID));

    assertThat(ended.error().orElseThrow().message()).isEqualTo("bad");
    assertThat(ended.outputs()).isEqualTo("{\"9\":{\"mean\":[NaN]}}");
  }

  /** S15: 830 errors with stacks were logged of two such runs, and neither was ever seen to end. */
  @Test
  void stringsOfManyMillionsOfLettersHideNoRunAndFillNoLog() {
    answers("\"" + "x".repeat(25 << 20) + "\"");

    try (LogLines library = new LogLines("io.vertx"); LogLines ours = new LogLines("io.anteroom")) {
      assertThat(done(client.whereabouts(instance, ID))).isInstanceOf(RunState.Running.class);
      assertThat(done(client.ours(instance))).hasSize(2);
      assertThat(library.errors()).isEmpty();
      assertThat(ours.errors()).isEmpty();
    }
  }

  /** One failure, however many pieces follow it. */
  @ParameterizedTest
  @ValueSource(strings = {"<html>", "{\"queue_running\":[}", "{\"queue_running\":[[1,", "[[[["})
  void whatIsNotJsonFailsOnceAndFillsNoLog(String text) {
    comfy.answers("/queue", request -> {
      request.response().setChunked(true).write(text);
      for (int i = 0; i < 500; i++) {
        request.response().write("<p>".repeat(5_000));
      }
      request.response().end();
    });

    try (LogLines library = new LogLines("io.vertx")) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.whereabouts(instance, ID).transform(answer -> Future.succeededFuture(
          answer.cause()))).satisfies(cause -> assertThat(done(cause)).isInstanceOf(ComfyException.class));
      }
      assertThat(library.errors()).isEmpty();
    }
  }

  private void answers(String value) {
    String tuple = TUPLE.formatted(value, value);
    comfy.answers("/queue", request -> request.response().end(
      "{\"queue_running\": [" + tuple + "], \"queue_pending\": []}"));
    String history = "{\"" + ID + "\": {\"prompt\": " + tuple + ", \"outputs\": {\"9\": {\"images\": [{\"filename\": "
      + "\"a.png\", \"subfolder\": \"\", \"type\": \"output\"}]}}, \"status\": {\"status_str\": \"success\"}}}";
    comfy.answers("/history", request -> request.response().end(history));
    comfy.answers("/history/" + ID, request -> request.response().end(history));
  }
}
