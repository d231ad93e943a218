package io.anteroom.simulator;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.simulator.SimulatorClient.Socket;
import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.support.cluster.SimulatedInstances;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The faults that a test or a rehearsal may order, and the nodes that behave badly by themselves. */
class OrderedFaultsTest {

  private final Vertx vertx = Vertx.vertx();
  private final String id = UUID.randomUUID().toString();
  private SimulatedInstances lab;
  private SimulatedComfy comfy;
  private SimulatorClient client;

  @BeforeEach
  void open() {
    lab = new SimulatedInstances(vertx, Simulator.Options.of(2));
    comfy = lab.instance(0);
    client = new SimulatorClient(vertx, comfy);
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void downRefusesConnectionsWhileTheWorkGoesOn() {
    client.post("/prompt", SimulatorClient.endless(id));
    lab.awaitStarted(id);

    done(comfy.goDown());
    assertThat(fails(get("/queue"))).isTrue();
    done(comfy.comeUp());

    assertThat(client.get("/queue").json().getJsonArray("queue_running")).hasSize(1);
  }

  @Test
  void restartForgetsEverythingAndKillsWhatRan() {
    Socket socket = client.socket("client");
    client.post("/prompt", SimulatorClient.endless(id));
    lab.awaitStarted(id);

    done(comfy.restart());

    assertThat(lab.ledger().runsOf(id)).extracting(Run::outcome).containsExactly(Run.Outcome.KILLED);
    // A connection of before the restart may be used once more before its end is seen.
    await().atMost(Duration.ofSeconds(60)).ignoreExceptionsInstanceOf(HttpClosedException.class)
      .until(() -> client.get("/queue").json().getJsonArray("queue_running").isEmpty());
    assertThat(client.post("/prompt", SimulatorClient.endless(id)).json().getInteger("number")).isZero();
    until(socket::isClosed);
  }

  @Test
  void lostAnswerMeansQueuedAllTheSame() {
    done(comfy.loseAnswers(1));

    assertThat(fails(client.send(HttpMethod.POST, "/prompt", SimulatorClient.endless(id).toBuffer(), Map.of())))
      .isTrue();

    lab.awaitStarted(id);
  }

  @Test
  void spoiltAnswerMeansQueuedAllTheSame() {
    done(comfy.answer500ButEnqueue(1));

    assertThat(client.post("/prompt", SimulatorClient.endless(id)).status()).isEqualTo(500);
    assertThat(client.post("/prompt", SimulatorClient.endless(UUID.randomUUID().toString())).status()).isEqualTo(200);

    lab.awaitStarted(id);
  }

  @Test
  void fullDiskMeansA500AndNothingQueued() {
    done(comfy.answer500(1));

    assertThat(client.post("/prompt", SimulatorClient.endless(id)).status()).isEqualTo(500);
    assertThat(client.get("/queue").json().getJsonArray("queue_pending")).isEmpty();
    assertThat(client.get("/queue").json().getJsonArray("queue_running")).isEmpty();

    assertThat(client.post("/prompt", SimulatorClient.endless(id)).status()).isEqualTo(200);
    lab.awaitStarted(id);
  }

  @Test
  void stalledInstanceQueuesAndBeginsNothingUntilItIsHealed() {
    done(comfy.stall());

    assertThat(client.post("/prompt", SimulatorClient.endless(id)).status()).isEqualTo(200);
    assertThat(client.get("/queue").json().getJsonArray("queue_pending")).hasSize(1);
    assertThat(client.get("/queue").json().getJsonArray("queue_running")).isEmpty();
    assertThat(lab.ledger().runs()).isEmpty();

    done(comfy.heal());
    lab.awaitStarted(id);
  }

  @Test
  void zombieKeepsAPromptRunningForEverAndStartsNothing() {
    done(comfy.zombie());

    client.post("/prompt", SimulatorClient.prompt(id, "SimSleep", JsonObject.of("seconds", 0.01)));

    until(() -> client.get("/queue").json().getJsonArray("queue_running").size() == 1);
    assertThat(lab.ledger().runs()).isEmpty();
  }

  @Test
  void hangingInstanceAnswersNobodyUntilItIsHealed() {
    done(comfy.hang());
    Future<?> lost = get("/queue");
    until(() -> done(comfy.hanging()) == 1);

    done(comfy.heal());

    assertThat(client.get("/queue").status()).isEqualTo(200);
    assertThat(lost.isComplete()).isFalse();
  }

  @Test
  void slowInstanceAnswersInTheEnd() {
    done(comfy.slow(50));
    long asked = System.nanoTime();

    assertThat(client.post("/prompt", SimulatorClient.endless(id)).status()).isEqualTo(200);

    assertThat(System.nanoTime() - asked).isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
  }

  @Test
  void anotherInstanceTakesOrdersForOneThatIsDown() {
    SimulatorClient other = new SimulatorClient(vertx, lab.instance(1));
    client.post("/sim/goDown", "");
    until(() -> fails(get("/queue")));

    other.post("/sim/comeUp?instance=" + comfy.name(), "");

    assertThat(client.get("/queue").status()).isEqualTo(200);
  }

  @Test
  void stubbornNodeIgnoresTheInterruptUntilItsTimeIsOver() {
    client.post("/prompt", SimulatorClient.prompt(id, "SimStubborn", JsonObject.of("seconds", 0.5)));
    lab.awaitStarted(id);

    client.post("/interrupt", JsonObject.of("prompt_id", id));
    lab.awaitEnded(id);

    assertThat(lab.ledger().runsOf(id)).extracting(Run::outcome).containsExactly(Run.Outcome.SUCCESS);
    assertThat(lab.ledger().runsOf(id).get(0).lasted(0)).isGreaterThanOrEqualTo(Duration.ofMillis(500).toNanos());
  }

  @Test
  void failingNodeFailsAfterItsTime() {
    client.post("/prompt", SimulatorClient.prompt(id, "SimFail", JsonObject.of("seconds", 0.01)));
    lab.awaitEnded(id);

    assertThat(lab.ledger().runsOf(id)).extracting(Run::outcome).containsExactly(Run.Outcome.ERROR);
  }

  @Test
  void previewsComeInTheFormThatTheClientCanRead() {
    Socket old = client.socket("old");
    Socket modern = client.socket("modern");
    modern.say("{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}");
    until(() -> modern.types().contains("feature_flags"));
    JsonObject inputs = JsonObject.of("seconds", 0.01, "count", 3, "bytes", 100_000);

    client.post("/prompt", SimulatorClient.prompt(id, "SimPreview", inputs).put("client_id", "old"));
    client.post("/prompt", SimulatorClient.prompt(UUID.randomUUID().toString(), "SimPreview", inputs)
      .put("client_id", "modern"));

    until(() -> old.pictures().size() == 3 && modern.pictures().size() == 3);
    assertThat(old.pictures()).allMatch(frame -> frame.getInt(0) == 1 && frame.length() == 100_008);
    assertThat(modern.pictures()).allMatch(frame -> frame.getInt(0) == 4 && frame.length() > 100_008);
  }

  @Test
  void runsAreFinishedAndFailedByOrder() {
    client.post("/prompt", SimulatorClient.endless(id));
    lab.finish(id);
    String other = UUID.randomUUID().toString();
    client.post("/prompt", SimulatorClient.endless(other));
    lab.fail(other);

    assertThat(lab.ledger().runs()).extracting(Run::outcome)
      .containsExactly(Run.Outcome.SUCCESS, Run.Outcome.ERROR);
  }

  private Future<SimulatorClient.Answer> get(String path) {
    return client.send(HttpMethod.GET, path, Buffer.buffer(), Map.of());
  }

  private static boolean fails(Future<?> future) {
    return future.toCompletionStage().toCompletableFuture().handle((answer, failure) -> failure != null)
      .orTimeout(60, TimeUnit.SECONDS).join();
  }
}
