package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.bus.Bus;
import io.anteroom.bus.DispatchServices;
import io.anteroom.bus.DispatchServices.Started;
import io.anteroom.bus.DispatchServices.Started.Accepted;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.ledger.RunLedger.Run.Outcome;
import io.anteroom.support.Workflows;
import io.anteroom.support.server.SmallInstance;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One dispatching node, a real Redis, simulated instances: the life of a task, judged by the instances' ledger. */
class DispatchIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private DispatchBench bench;

  @BeforeEach
  void start() {
    bench = DispatchBench.start();
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @ParameterizedTest
  @EnumSource(ComfyVersion.class)
  void aTaskRunsOnceUnderItsOwnIdAndItsOutputsAreKnown(ComfyVersion version) {
    bench.instances(1, version);

    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.2));

    TaskStatus status = awaitEnd(task);
    assertThat(status.state()).isEqualTo(TaskState.COMPLETED);
    assertThat(status.outputs()).contains("\"images\"");
    assertThat(bench.ledger().runsOf(task.value())).singleElement()
      .satisfies(run -> assertThat(run.attempt()).isEqualTo(1))
      .satisfies(run -> assertThat(run.task()).isEqualTo(task.value()));
  }

  @Test
  void aFreedPlaceGoesToTheNextTaskAndTheLimitIsNeverPassed() {
    bench.limit(2).instances(5, ComfyVersion.V0_28_0);
    List<TaskId> tasks = IntStream.rangeClosed(1, 5)
      .mapToObj(student -> bench.submit("student" + student, "comfy-" + student, Workflows.lasting(600))).toList();

    await().atMost(PATIENCE).until(() -> bench.ledger().runningNow() == 2);
    tasks.forEach(bench::finish);
    tasks.forEach(this::awaitEnd);

    assertThat(bench.ledger().mostAtOnce()).isEqualTo(2);
    assertThat(bench.ledger().ranTwice()).isEmpty();
  }

  /** A page hears of an end from the instance, and submits the next before the store knows of that end. */
  @Test
  void aStartAskedForAtTheMomentOfAnEndAwaitsThePlaceThatTheEndFrees() {
    bench.limit(1).instances(1, ComfyVersion.V0_28_0);
    TaskId running = bench.submit("alice", "comfy-1", Workflows.lasting(9_999));
    List<Started> answers = new ArrayList<>();

    for (int round = 0; round < 20; round++) {
      TaskId waiting = bench.submit("alice", "comfy-1", Workflows.lasting(9_999));
      bench.finish(running);
      answers.add(done(new Bus(bench.vertx()).request(DispatchServices.START, waiting)));
      running = waiting;
    }

    // Most of them: on a busy machine the store may know of an end later than a start waits for it.
    assertThat(answers).filteredOn(Accepted.class::isInstance).hasSizeGreaterThan(10);
  }

  @Test
  void aFailedRunEndsWithComfyUisOwnWords() {
    bench.instances(1, ComfyVersion.V0_28_0);

    TaskStatus status = awaitEnd(bench.submit("alice", "comfy-1", Workflows.failing(0.1)));

    assertThat(status.state()).isEqualTo(TaskState.FAILED);
    assertThat(status.error().orElseThrow().details()).contains("SimFail");
  }

  @Test
  void whatTheInstanceRefusesHasFailedAndItsPlaceIsFree() {
    bench.limit(1).instances(1, ComfyVersion.V0_28_0);

    TaskId unknownNode = bench.submit("alice", "comfy-1", Workflows.unknown());
    TaskId good = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));

    assertThat(awaitEnd(unknownNode).state()).isEqualTo(TaskState.FAILED);
    assertThat(awaitEnd(unknownNode).error().orElseThrow().report()).contains("node_errors");
    assertThat(awaitEnd(good).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void aTaskThatNeverEndsIsTimedOutAndTheNextRunsElsewhereMeanwhile() {
    bench.limit(1).timeout("2s").instances(2, ComfyVersion.V0_28_0);

    TaskId endless = bench.submit("alice", "comfy-1", Workflows.lasting(9_999));
    TaskId next = bench.submit("bob", "comfy-2", Workflows.lasting(0.1));

    assertThat(awaitEnd(endless).state()).isEqualTo(TaskState.TIMED_OUT);
    assertThat(awaitEnd(next).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(bench.ledger().runsOf(endless.value())).singleElement()
      .satisfies(run -> assertThat(run.outcome()).isEqualTo(Outcome.INTERRUPTED));
  }

  @Test
  void anInstanceThatWouldNotStopIsFencedOffUntilItIsIdle() {
    bench.limit(1).timeout("1s").instances(1, ComfyVersion.V0_28_0);

    TaskId stubborn = bench.submit("alice", "comfy-1", Workflows.stubborn(9_999));
    TaskId next = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));

    assertThat(awaitEnd(stubborn).state()).isEqualTo(TaskState.TIMED_OUT);
    assertThat(bench.status(next).outage().orElseThrow().kind()).isEqualTo(InstanceOutage.Kind.STUBBORN);
    bench.finish(stubborn);
    assertThat(awaitEnd(next).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(bench.ledger().mostAtOnceOn("comfy-1")).isEqualTo(1);
  }

  @Test
  void aRunningTaskIsCancelledAtTheInstance() {
    bench.instances(1, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(60));
    await().atMost(PATIENCE).until(() -> bench.ledger().hasStarted(task.value()));

    done(bench.queue().cancel(task, "alice"));
    new Bus(bench.vertx()).publish(Events.TASK,
      new TaskEvent(task, "alice", Happened.CANCEL_ASKED, TaskState.PROCESSING, "comfy-1"));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.CANCELLED);
    assertThat(bench.ledger().runsOf(task.value()).get(0).outcome()).isEqualTo(Outcome.INTERRUPTED);
  }

  @Test
  void aCancelWhoseHintWasLostIsCarriedOutAllTheSame() {
    bench.instances(1, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(60));
    await().atMost(PATIENCE).until(() -> bench.ledger().hasStarted(task.value()));

    done(bench.queue().cancel(task, "alice"));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void aTaskWaitsForAnInstanceThatIsDownAndRunsWhenItIsBack() {
    bench.instances(1, ComfyVersion.V0_28_0);
    done(bench.instance(0).goDown());

    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));
    // While it is being sent it may say already that the instance does not answer.
    TaskStatus waits = await().atMost(PATIENCE).until(() -> bench.status(task),
      status -> status.state() == TaskState.QUEUED && !status.blocked().isEmpty());
    assertThat(waits.position()).isZero();

    done(bench.instance(0).comeUp());
    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
  }

  /** Trap 7: the answer was lost, the run was not. */
  @Test
  void anAnswerThatWasLostIsLookedUpAndNothingRunsTwice() {
    bench.instances(1, ComfyVersion.V0_28_0);
    done(bench.instance(0).loseAnswers(1));

    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.3));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(bench.ledger().runsOf(task.value())).hasSize(1);
  }

  /** Trap 7: ComfyUI may answer 500 to a run that it has taken. */
  @Test
  void aTaskThatWasTakenWithA500RunsOnce() {
    bench.instances(1, ComfyVersion.V0_28_0);
    done(bench.instance(0).answer500ButEnqueue(1));

    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.3));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(bench.ledger().runsOf(task.value())).hasSize(1);
  }

  /** Trap 19. */
  @Test
  void aTaskThatItsInstanceForgotInARestartRunsAgainAndSaysSo() {
    bench.instances(1, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(600));
    await().atMost(PATIENCE).until(() -> bench.ledger().hasStarted(task.value()));

    done(bench.instance(0).restart());
    bench.finish(task);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(bench.status(task).attempts()).isEqualTo(2);
    assertThat(bench.ledger().runsOf(task.value())).extracting(run -> run.outcome())
      .containsExactly(Outcome.KILLED, Outcome.SUCCESS);
  }

  /** An address is corrected while the machine is the same; where it was sent nothing answers any more. */
  @Test
  void aRunIsSeenToItsEndAlsoAtTheNewAddressOfItsInstance() {
    bench.instances(1, ComfyVersion.V0_28_0);
    URI now = URI.create(bench.instance(0).url());
    NetServer before = relayTo(now.getPort());
    bench.listAt(URI.create("http://127.0.0.1:" + before.actualPort()));
    await().atMost(PATIENCE).until(() -> bench.queue().effectiveConfiguration().await().settings().instances().get(0)
      .address().endsWith(":" + before.actualPort()));
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(600));
    await().atMost(PATIENCE).until(() -> bench.status(task).times().started().isPresent());

    bench.listAt(now);
    done(before.close());
    bench.finish(task);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(bench.ledger().runsOf(task.value())).hasSize(1);
  }

  /** The machine behind the new address knows nothing of the run. */
  @Test
  void aRunIsSeenToItsEndWhereItWasSentWhenItsInstanceIsAnotherMachineNow() {
    bench.instances(2, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(600));
    await().atMost(PATIENCE).until(() -> bench.status(task).times().started().isPresent());
    URI other = URI.create(bench.instance(1).url());

    bench.listAt(other);
    await().atMost(PATIENCE).until(() -> bench.queue().effectiveConfiguration().await().settings().instances().get(0)
      .address().equals(other.toString()));
    bench.finish(task);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(bench.ledger().runsOf(task.value())).hasSize(1);
  }

  private NetServer relayTo(int port) {
    NetClient client = bench.vertx().createNetClient();
    return done(bench.vertx().createNetServer().connectHandler(in -> {
      in.pause();
      client.connect(port, "127.0.0.1").onSuccess(out -> {
        in.pipeTo(out);
        out.pipeTo(in);
      });
    }).listen(0, "127.0.0.1"));
  }

  @Test
  void whatRunsWhenANodeStopsIsWatchedByTheNext() {
    bench.instances(1, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(600));
    await().atMost(PATIENCE).until(() -> bench.ledger().hasStarted(task.value()));

    bench.stopDispatching();
    bench.startDispatching();
    bench.finish(task);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(bench.ledger().runsOf(task.value())).hasSize(1);
  }

  /** The instance refuses what is being sent to it just then, which frees its place. */
  @Test
  void aNodeThatStopsClaimsNothingMoreForThePlacesThatItFrees() {
    bench.limit(1).with("ANTEROOM_TASK_LEASE", "12s").with("ANTEROOM_TASK_POST_TIMEOUT", "5s");
    SmallInstance comfy = new SmallInstance(bench.vertx());
    Promise<HttpServerRequest> posted = Promise.promise();
    comfy.answers("/prompt", request -> {
      if (request.method() == HttpMethod.POST) {
        posted.tryComplete(request);
      } else {
        request.response().end("{\"exec_info\":{\"queue_remaining\":0}}");
      }
    });
    comfy.answers("/queue", request -> request.response().end("{\"queue_running\":[],\"queue_pending\":[]}"));
    bench.instanceAt(comfy);
    TaskId refused = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));
    TaskId next = bench.submit("bob", "comfy-1", Workflows.lasting(0.1));
    HttpServerRequest request = done(posted.future());

    Future<Void> stopped = bench.stopping();
    await().pollDelay(Duration.ofMillis(500)).until(() -> !stopped.isComplete());
    bench.vertx().runOnContext(late -> request.response().setStatusCode(400).end("{\"error\":{},\"node_errors\":{}}"));
    done(stopped);

    assertThat(bench.status(refused).state()).isEqualTo(TaskState.FAILED);
    assertThat(bench.status(next).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void anInstanceThatIsAddedToTheListGetsTasks() {
    bench.listing(1).instances(2, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("bob", "comfy-2", Workflows.lasting(0.1));
    await().atMost(PATIENCE).until(() -> !bench.status(task).blocked().isEmpty());

    bench.list(2);

    within(Duration.ofSeconds(7), () -> bench.ledger().hasStarted(task.value()));
  }

  /** As after a fault of the cluster: a place looks taken of which nobody knows. */
  @Test
  void aPermitThatNobodyHoldsKeepsATaskWaitingForSomeSecondsOnly() {
    bench.limit(1).instances(1, ComfyVersion.V0_28_0);
    // The dispatcher takes the only one itself for a moment whenever it looks for a task.
    await().atMost(PATIENCE).until(() -> done(bench.semaphore().tryAcquire()).isPresent());

    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));

    within(Duration.ofSeconds(7), () -> bench.ledger().hasStarted(task.value()));
  }

  @Test
  void everyEndIsCountedAsWhatItWas() {
    bench.timeout("6s").with("ANTEROOM_TASK_MAX_ATTEMPTS", "1").instances(5, ComfyVersion.V0_28_0);
    TaskId endless = bench.submit("eve", "comfy-5", Workflows.lasting(9_999));
    TaskId cancelled = bench.submit("carol", "comfy-3", Workflows.lasting(9_999));
    TaskId lost = bench.submit("dave", "comfy-4", Workflows.lasting(9_999));
    await().atMost(PATIENCE).until(() -> bench.ledger().runningNow() == 3);

    done(bench.queue().cancel(cancelled, "carol"));
    new Bus(bench.vertx()).publish(Events.TASK,
      new TaskEvent(cancelled, "carol", Happened.CANCEL_ASKED, TaskState.PROCESSING, "comfy-3"));
    done(bench.instance(3).restart());
    TaskId good = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));
    TaskId failing = bench.submit("bob", "comfy-2", Workflows.failing(0.1));
    List.of(endless, cancelled, lost, good, failing).forEach(this::awaitEnd);

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(bench.figures()).containsEntry("dispatch_started", 5L)
      .containsEntry("dispatch_completed", 1L).containsEntry("dispatch_failed", 1L)
      .containsEntry("dispatch_cancelled", 1L).containsEntry("dispatch_lost", 1L)
      .containsEntry("dispatch_timed_out", 1L));
  }

  private TaskStatus awaitEnd(TaskId task) {
    return await().atMost(PATIENCE).until(() -> bench.status(task), status -> status.state().isFinal());
  }
}
