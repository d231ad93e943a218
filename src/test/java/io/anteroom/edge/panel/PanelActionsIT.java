package io.anteroom.edge.panel;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.ledger.RunLedger.Run.Outcome;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.task.TaskState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Trap 15: every way to cancel, for runs in every state, one's own and somebody else's; judged by the ledger too. */
class PanelActionsIT extends TwoAtOneInstance {
  private static final String UNKNOWN = "00000000-0000-4000-8000-000000000000";
  private static final JsonObject NOTHING_CANCELLED = new JsonObject().put("cancelled", false);

  /** The ways that pages have to name a run that shall end, and what each may do. */
  enum Way {
    QUEUE_DELETE(true, false, (user, id) -> user.post("api/queue", ids("delete", id))),
    QUEUE_CLEAR(true, false, (user, id) -> user.post("api/queue", new JsonObject().put("clear", true))),
    INTERRUPT(true, true, (user, id) -> user.post("api/interrupt", new JsonObject().put("prompt_id", id))),
    JOB_CANCEL(true, true, (user, id) -> user.post("api/jobs/" + id + "/cancel", "")),
    JOBS_CANCEL(true, true, (user, id) -> user.post("api/jobs/cancel", ids("job_ids", id))),
    HISTORY_DELETE(false, false, (user, id) -> user.post("api/history", ids("delete", id)));

    private final boolean endsWaiting;
    private final boolean endsRunning;
    private final BiConsumer<PanelUser, String> wish;

    Way(boolean endsWaiting, boolean endsRunning, BiConsumer<PanelUser, String> wish) {
      this.endsWaiting = endsWaiting;
      this.endsRunning = endsRunning;
      this.wish = wish;
    }

    private static JsonObject ids(String name, String id) {
      return new JsonObject().put(name, new JsonArray().add(id));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWishEndsOnesOwnRunsInTheStatesThatItIsFor(Way way) {
    String runs = node.run("carol", Workflows.lasting(60));
    String waits = node.run("carol", Workflows.lasting(60));
    node.awaitRunning(runs);

    way.wish.accept(carol, waits);
    assertThat(node.status(waits).state()).isEqualTo(way.endsWaiting ? TaskState.CANCELLED : TaskState.QUEUED);

    way.wish.accept(carol, runs);
    if (way.endsRunning) {
      assertThat(node.awaitEnd(runs).state()).isEqualTo(TaskState.CANCELLED);
      assertThat(node.comfy().ledger().runsOf(runs).get(0).outcome()).isEqualTo(Outcome.INTERRUPTED);
    } else {
      node.comfy().finish(runs);
      assertThat(node.awaitEnd(runs).state()).isEqualTo(TaskState.COMPLETED);
    }
  }

  /** As at ComfyUI, whose queue forgets it; that it was cancelled is told by our own routes alone. */
  @ParameterizedTest
  @MethodSource("waysOutOfTheQueue")
  void aWaitingRunThatIsCancelledLeavesNoTraceInThePanel(ComfyVersion version, Way way) {
    startAgain(version);
    String runs = node.run("carol", Workflows.lasting(60));
    node.awaitRunning(runs);
    String waits = node.run("carol", Workflows.lasting(60));
    PanelUser elsewhere = new PanelUser(node, "carol");

    way.wish.accept(carol, waits);

    assertThat(List.of(carol, elsewhere)).allSatisfy(page -> {
      assertThat(page.oldLists(waits)).isEmpty();
      assertThat(page.get("api/history/" + waits).body()).isEqualTo("{}");
      assertThat(page.get("api/jobs/" + waits).status()).isEqualTo(404);
      assertThat(page.oldLists(runs)).containsExactly("queue_running");
      assertThat(page.status(waits)).isEqualTo("cancelled");
    });
    if (version != ComfyVersion.V0_3_64) {
      assertThat(carol.jobs("?limit=200")).extracting(job -> job.getString("id")).containsExactly(runs);
    }
    assertThat(node.comfy().ledger().runsOf(waits)).isEmpty();
  }

  private static Stream<Arguments> waysOutOfTheQueue() {
    return Stream.of(ComfyVersion.values()).flatMap(version -> Stream.of(Way.values())
      .filter(way -> way.endsWaiting).map(way -> Arguments.of(version, way)));
  }

  /**
   * Dave shares the instance, knows the ids, and has a run of his own waiting there. One that came by no queue waits at
   * the instance itself.
   */
  @Attack(33)
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "QUEUE_CLEAR")
  void aWishNeverTouchesWhatIsSomebodyElses(Way way) {
    String ended = node.run("carol", Workflows.lasting(0));
    node.awaitEnd(ended);
    String runs = node.run("carol", Workflows.lasting(60));
    String waits = node.run("carol", Workflows.lasting(60));
    node.awaitRunning(runs);
    String daves = node.run("dave", Workflows.lasting(0));
    String nobodys = runWithoutTheQueue(SHARED, 0);

    List.of(ended, runs, waits, nobodys).forEach(id -> way.wish.accept(dave, id));

    assertThat(node.status(runs).state()).isEqualTo(TaskState.PROCESSING);
    assertThat(node.status(waits).state()).isEqualTo(TaskState.QUEUED);
    assertThat(carol.history().fieldNames()).containsExactly(ended);
    assertThat(historyOfTheInstance()).containsExactly(ended);
    node.comfy().finish(runs);
    assertThat(node.awaitEnd(runs).state()).isEqualTo(TaskState.COMPLETED);
    node.comfy().awaitEnded(nobodys);
    assertThat(node.awaitEnd(daves).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Attack(33)
  @Test
  void anInterruptWithoutAnIdStopsWhatIsOnesOwnAndOnlyThat() {
    String carols = node.run("carol", Workflows.lasting(60));
    String alices = node.run("alice", Workflows.lasting(60));
    node.awaitRunning(carols);
    node.awaitRunning(alices);

    assertThat(dave.post("api/interrupt", "").status()).isEqualTo(200);
    assertThat(dave.post("interrupt", "{}").status()).isEqualTo(200);
    assertThat(node.status(carols).state()).isEqualTo(TaskState.PROCESSING);

    assertThat(carol.post("api/interrupt", "").status()).isEqualTo(200);
    assertThat(node.awaitEnd(carols).state()).isEqualTo(TaskState.CANCELLED);
    assertThat(node.status(alices).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Attack(33)
  @Test
  void clearingTheQueueClearsWhatOfOnesOwnWaits() {
    String runs = node.run("carol", Workflows.lasting(60));
    node.awaitRunning(runs);
    String carols = node.run("carol", Workflows.lasting(60));
    String daves = node.run("dave", Workflows.lasting(60));

    assertThat(dave.post("api/queue", new JsonObject().put("clear", true)).status()).isEqualTo(200);

    assertThat(node.status(daves).state()).isEqualTo(TaskState.CANCELLED);
    assertThat(node.status(carols).state()).isEqualTo(TaskState.QUEUED);
    assertThat(node.status(runs).state()).isEqualTo(TaskState.PROCESSING);
  }

  /** A run that ends in this moment would look lost, and run again, if its entry went with the rest. */
  @Attack(33)
  @Test
  void clearingTheHistoryForgetsWhatHasEndedOfOnesOwnHereAndThere() {
    String carols = node.run("carol", Workflows.lasting(0));
    node.awaitEnd(carols);
    String daves = node.run("dave", Workflows.lasting(0));
    node.awaitEnd(daves);
    String runs = node.run("dave", Workflows.lasting(60));
    node.awaitRunning(runs);

    assertThat(dave.post("api/history", new JsonObject().put("clear", true)).status()).isEqualTo(200);

    assertThat(dave.history().fieldNames()).isEmpty();
    assertThat(carol.history().fieldNames()).containsExactly(carols);
    assertThat(historyOfTheInstance()).containsExactly(carols);
    node.comfy().finish(runs);
    node.awaitEnd(runs);
    assertThat(dave.history().fieldNames()).containsExactly(runs);
    assertThat(node.comfy().ledger().ranTwice()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', nullValues = "-", value = {
    "queue     | -      | The body is empty, but must be a JSON object.",
    "queue     | what   | The body is 'what', but must be a JSON object.",
    "history   | []     | The body is '[]', but must be a JSON object.",
    "history   | null   | The body is 'null', but must be a JSON object.",
    "interrupt | []     | The body is '[]', but must be a JSON object."})
  void aWishThatIsNoneIsRefusedWithWhatWasSent(String route, String body, String message) {
    Answer refusal = carol.post("api/" + route, body == null ? "" : body);

    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.json().getJsonObject("error").getString("message")).isEqualTo(message);
  }

  /** In the words of ComfyUI 0.28 for this route alone, whose errors are texts. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', nullValues = "-", value = {
    "-                                        | {'error':'Request body must be valid JSON'}",
    "{                                        | {'error':'Request body must be valid JSON'}",
    "[]                                       | {'error':'job_ids must be a list'}",
    "{}                                       | {'error':'job_ids must be a list'}",
    "{'job_ids':'x'}                          | {'error':'job_ids must be a list'}",
    "{'job_ids':['x',7,'%ID']}                | {'error':'job_ids contains invalid id(s)','invalid_ids':['x','7']}"})
  void jobsToCancelThatAreNoneAreRefusedInTheWordsOfTheirRoute(String body, String error) {
    String sent = json(body == null ? "" : body.replace("%ID", UNKNOWN));
    Answer refusal = carol.post("api/jobs/cancel", sent);

    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.json()).isEqualTo(new JsonObject(json(error)));
    assertThat(direct.post(node.comfy().instance(SHARED).url() + "/api/jobs/cancel", sent).json())
      .isEqualTo(refusal.json());
  }

  @Test
  void nothingIsCancelledOfWhatHasEndedOrIsNotKnown() {
    String ended = node.run("carol", Workflows.lasting(0));
    node.awaitEnd(ended);
    node.awaitRunning(node.run("carol", Workflows.lasting(60)));
    String cancelled = node.run("carol", Workflows.lasting(60));
    Way.QUEUE_DELETE.wish.accept(carol, cancelled);

    assertThat(List.of(ended, cancelled, UNKNOWN)).allSatisfy(id -> {
      assertThat(carol.post("api/jobs/" + id + "/cancel", "").json()).isEqualTo(NOTHING_CANCELLED);
      assertThat(carol.post("api/jobs/cancel", Way.ids("job_ids", id)).json()).isEqualTo(NOTHING_CANCELLED);
    });
  }

  /** What did not come through the queue is the instance's own business, as long as the instance is one's own. */
  @Test
  void whatRunsOnOnesOwnInstanceWithoutTheQueueIsSeenAndStopped() {
    PanelUser alice = new PanelUser(node, "alice");
    String id = runWithoutTheQueue(0, 60);
    node.comfy().awaitStarted(id);

    assertThat(alice.oldLists(id)).containsExactly("queue_running");
    assertThat(alice.jobState(id)).isEqualTo("in_progress");
    alice.post("api/interrupt", new JsonObject().put("prompt_id", id));

    until(() -> alice.oldLists(id).equals(List.of("history")));
    assertThat(alice.jobState(id)).isEqualTo("cancelled");
    alice.post("api/history", new JsonObject().put("clear", true));
    assertThat(alice.history().fieldNames()).isEmpty();
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
