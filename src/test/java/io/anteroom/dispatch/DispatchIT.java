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
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private DispatchFixture fixture;

  @BeforeEach
  void start() {
    fixture = DispatchFixture.start();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource(ComfyVersion.class)
  void aTaskRunsOnceUnderItsOwnIdAndItsOutputsAreKnown(ComfyVersion version) {
    fixture.instances(1, version);

    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.2));

    TaskStatus status = awaitEnd(task);
    assertThat(status.state()).isEqualTo(TaskState.COMPLETED);
    assertThat(status.outputs()).contains("\"images\"");
    assertThat(fixture.ledger().runsOf(task.value())).singleElement()
      .satisfies(run -> assertThat(run.attempt()).isEqualTo(1))
      .satisfies(run -> assertThat(run.task()).isEqualTo(task.value()));
  }

  @Test
  void aFreedPlaceGoesToTheNextTaskAndTheLimitIsNeverPassed() {
    fixture.limit(2).instances(5, ComfyVersion.V0_28_0);
    List<TaskId> tasks = IntStream.rangeClosed(1, 5)
      .mapToObj(student -> fixture.submit("student" + student, "comfy-" + student, Workflows.lasting(600))).toList();

    await().atMost(TIMEOUT).until(() -> fixture.ledger().runningNow() == 2);
    tasks.forEach(fixture::finish);
    tasks.forEach(this::awaitEnd);

    assertThat(fixture.ledger().mostAtOnce()).isEqualTo(2);
    assertThat(fixture.ledger().ranTwice()).isEmpty();
  }

  /** A page learns of an end from the instance, and submits the next before the store knows of that end. */
  @Test
  void aStartAskedForAtTheMomentOfAnEndAwaitsThePlaceThatTheEndFrees() {
    fixture.limit(1).instances(1, ComfyVersion.V0_28_0);
    TaskId running = fixture.submit("alice", "comfy-1", Workflows.lasting(9_999));
    List<Started> answers = new ArrayList<>();

    for (int round = 0; round < 20; round++) {
      TaskId waiting = fixture.submit("alice", "comfy-1", Workflows.lasting(9_999));
      fixture.finish(running);
      answers.add(done(new Bus(fixture.vertx()).request(DispatchServices.START, waiting)));
      running = waiting;
    }

    // Most of them: on a busy machine the store may know of an end later than a start waits for it.
    assertThat(answers).filteredOn(Accepted.class::isInstance).hasSizeGreaterThan(10);
  }

  @Test
  void aFailedRunEndsWithComfyUisOwnWords() {
    fixture.instances(1, ComfyVersion.V0_28_0);

    TaskStatus status = awaitEnd(fixture.submit("alice", "comfy-1", Workflows.failing(0.1)));

    assertThat(status.state()).isEqualTo(TaskState.FAILED);
    assertThat(status.error().orElseThrow().details()).contains("SimFail");
  }

  @Test
  void whatTheInstanceRefusesHasFailedAndItsPlaceIsFree() {
    fixture.limit(1).instances(1, ComfyVersion.V0_28_0);

    TaskId unknownNode = fixture.submit("alice", "comfy-1", Workflows.unknown());
    TaskId good = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));

    assertThat(awaitEnd(unknownNode).state()).isEqualTo(TaskState.FAILED);
    assertThat(awaitEnd(unknownNode).error().orElseThrow().report()).contains("node_errors");
    assertThat(awaitEnd(good).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void aTaskThatNeverEndsIsTimedOutAndTheNextRunsElsewhereMeanwhile() {
    fixture.limit(1).timeout("2s").instances(2, ComfyVersion.V0_28_0);

    TaskId endless = fixture.submit("alice", "comfy-1", Workflows.lasting(9_999));
    TaskId next = fixture.submit("bob", "comfy-2", Workflows.lasting(0.1));

    assertThat(awaitEnd(endless).state()).isEqualTo(TaskState.TIMED_OUT);
    assertThat(awaitEnd(next).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(endless.value())).singleElement()
      .satisfies(run -> assertThat(run.outcome()).isEqualTo(Outcome.INTERRUPTED));
  }

  @Test
  void anInstanceThatWouldNotStopIsFencedOffUntilItIsIdle() {
    fixture.limit(1).timeout("1s").instances(1, ComfyVersion.V0_28_0);

    TaskId stubborn = fixture.submit("alice", "comfy-1", Workflows.stubborn(9_999));
    TaskId next = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));

    assertThat(awaitEnd(stubborn).state()).isEqualTo(TaskState.TIMED_OUT);
    assertThat(fixture.status(next).outage().orElseThrow().kind()).isEqualTo(InstanceOutage.Kind.STUBBORN);
    fixture.finish(stubborn);
    assertThat(awaitEnd(next).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().mostAtOnceOn("comfy-1")).isEqualTo(1);
  }

  @Test
  void aRunningTaskIsCancelledAtTheInstance() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(60));
    await().atMost(TIMEOUT).until(() -> fixture.ledger().hasStarted(task.value()));

    done(fixture.queue().cancel(task, "alice"));
    new Bus(fixture.vertx()).publish(Events.TASK,
      new TaskEvent(task, "alice", Happened.CANCEL_ASKED, TaskState.PROCESSING, "comfy-1"));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.CANCELLED);
    assertThat(fixture.ledger().runsOf(task.value()).get(0).outcome()).isEqualTo(Outcome.INTERRUPTED);
  }

  @Test
  void aCancelWhoseHintWasLostIsCarriedOutAllTheSame() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(60));
    await().atMost(TIMEOUT).until(() -> fixture.ledger().hasStarted(task.value()));

    done(fixture.queue().cancel(task, "alice"));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void aTaskWaitsForAnInstanceThatIsDownAndRunsWhenItIsBack() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    done(fixture.instance(0).goDown());

    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    // While it is being sent it may say already that the instance does not answer.
    TaskStatus waits = await().atMost(TIMEOUT).until(() -> fixture.status(task),
      status -> status.state() == TaskState.QUEUED && !status.blocked().isEmpty());
    assertThat(waits.position()).isZero();

    done(fixture.instance(0).comeUp());
    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
  }

  /** Trap 7: the answer was lost, the run was not. */
  @Test
  void anAnswerThatWasLostIsLookedUpAndNothingRunsTwice() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    done(fixture.instance(0).loseAnswers(1));

    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.3));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(task.value())).hasSize(1);
  }

  /** Trap 7: ComfyUI may answer 500 to a run that it has taken. */
  @Test
  void aTaskThatWasTakenWithA500RunsOnce() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    done(fixture.instance(0).answer500ButEnqueue(1));

    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.3));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(task.value())).hasSize(1);
  }

  /** Trap 19. */
  @Test
  void aTaskThatItsInstanceForgotInARestartRunsAgainAndSaysSo() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(600));
    await().atMost(TIMEOUT).until(() -> fixture.ledger().hasStarted(task.value()));

    done(fixture.instance(0).restart());
    fixture.finish(task);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.status(task).attempts()).isEqualTo(2);
    assertThat(fixture.ledger().runsOf(task.value())).extracting(run -> run.outcome())
      .containsExactly(Outcome.KILLED, Outcome.SUCCESS);
  }

  /** An address is corrected while the machine is the same; where it was sent nothing answers any more. */
  @Test
  void aRunIsSeenToItsEndAlsoAtTheNewAddressOfItsInstance() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    URI now = URI.create(fixture.instance(0).url());
    NetServer before = relayTo(now.getPort());
    fixture.listAt(URI.create("http://127.0.0.1:" + before.actualPort()));
    await().atMost(TIMEOUT).until(() -> fixture.queue().effectiveConfiguration().await().settings().instances().get(0)
      .address().endsWith(":" + before.actualPort()));
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(600));
    await().atMost(TIMEOUT).until(() -> fixture.status(task).times().started().isPresent());

    fixture.listAt(now);
    done(before.close());
    fixture.finish(task);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(task.value())).hasSize(1);
  }

  /** The machine behind the new address knows nothing of the run. */
  @Test
  void aRunIsSeenToItsEndWhereItWasSentWhenItsInstanceIsAnotherMachineNow() {
    fixture.instances(2, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(600));
    await().atMost(TIMEOUT).until(() -> fixture.status(task).times().started().isPresent());
    URI other = URI.create(fixture.instance(1).url());

    fixture.listAt(other);
    await().atMost(TIMEOUT).until(() -> fixture.queue().effectiveConfiguration().await().settings().instances().get(0)
      .address().equals(other.toString()));
    fixture.finish(task);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(task.value())).hasSize(1);
  }

  private NetServer relayTo(int port) {
    NetClient client = fixture.vertx().createNetClient();
    return done(fixture.vertx().createNetServer().connectHandler(in -> {
      in.pause();
      client.connect(port, "127.0.0.1").onSuccess(out -> {
        in.pipeTo(out);
        out.pipeTo(in);
      });
    }).listen(0, "127.0.0.1"));
  }

  @Test
  void whatRunsWhenANodeStopsIsWatchedByTheNext() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(600));
    await().atMost(TIMEOUT).until(() -> fixture.ledger().hasStarted(task.value()));

    fixture.stopDispatching();
    fixture.startDispatching();
    fixture.finish(task);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(task.value())).hasSize(1);
  }

  /** The instance refuses what is being sent to it just then, which frees its place. */
  @Test
  void aNodeThatStopsClaimsNothingMoreForThePlacesThatItFrees() {
    fixture.limit(1).with("ANTEROOM_TASK_LEASE", "12s").with("ANTEROOM_TASK_POST_TIMEOUT", "5s");
    SmallInstance comfy = new SmallInstance(fixture.vertx());
    Promise<HttpServerRequest> posted = Promise.promise();
    comfy.answers("/prompt", request -> {
      if (request.method() == HttpMethod.POST) {
        posted.tryComplete(request);
      } else {
        request.response().end("{\"exec_info\":{\"queue_remaining\":0}}");
      }
    });
    comfy.answers("/queue", request -> request.response().end("{\"queue_running\":[],\"queue_pending\":[]}"));
    fixture.instanceAt(comfy);
    TaskId refused = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    TaskId next = fixture.submit("bob", "comfy-1", Workflows.lasting(0.1));
    HttpServerRequest request = done(posted.future());

    Future<Void> stopped = fixture.stopping();
    await().pollDelay(Duration.ofMillis(500)).until(() -> !stopped.isComplete());
    fixture.vertx().runOnContext(late ->
      request.response().setStatusCode(400).end("{\"error\":{},\"node_errors\":{}}"));
    done(stopped);

    assertThat(fixture.status(refused).state()).isEqualTo(TaskState.FAILED);
    assertThat(fixture.status(next).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void anInstanceThatIsAddedToTheListGetsTasks() {
    fixture.listing(1).instances(2, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("bob", "comfy-2", Workflows.lasting(0.1));
    await().atMost(TIMEOUT).until(() -> !fixture.status(task).blocked().isEmpty());

    fixture.list(2);

    within(Duration.ofSeconds(7), () -> fixture.ledger().hasStarted(task.value()));
  }

  /** As after a fault of the cluster: a permit is taken that no node holds. */
  @Test
  void aPermitThatNoNodeHoldsKeepsATaskWaitingForSomeSecondsOnly() {
    fixture.limit(1).instances(1, ComfyVersion.V0_28_0);
    // The dispatcher takes the only one itself for a moment whenever it tries to claim a task.
    await().atMost(TIMEOUT).until(() -> done(fixture.semaphore().tryAcquire()).isPresent());

    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));

    within(Duration.ofSeconds(7), () -> fixture.ledger().hasStarted(task.value()));
  }

  @Test
  void everyEndIsCountedAsWhatItWas() {
    fixture.timeout("6s").with("ANTEROOM_TASK_MAX_ATTEMPTS", "1").instances(5, ComfyVersion.V0_28_0);
    TaskId endless = fixture.submit("eve", "comfy-5", Workflows.lasting(9_999));
    TaskId cancelled = fixture.submit("carol", "comfy-3", Workflows.lasting(9_999));
    TaskId lost = fixture.submit("dave", "comfy-4", Workflows.lasting(9_999));
    await().atMost(TIMEOUT).until(() -> fixture.ledger().runningNow() == 3);

    done(fixture.queue().cancel(cancelled, "carol"));
    new Bus(fixture.vertx()).publish(Events.TASK,
      new TaskEvent(cancelled, "carol", Happened.CANCEL_ASKED, TaskState.PROCESSING, "comfy-3"));
    done(fixture.instance(3).restart());
    TaskId good = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    TaskId failing = fixture.submit("bob", "comfy-2", Workflows.failing(0.1));
    List.of(endless, cancelled, lost, good, failing).forEach(this::awaitEnd);

    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(fixture.metrics()).containsEntry("dispatch_started", 5L)
      .containsEntry("dispatch_completed", 1L).containsEntry("dispatch_failed", 1L)
      .containsEntry("dispatch_cancelled", 1L).containsEntry("dispatch_lost", 1L)
      .containsEntry("dispatch_timed_out", 1L));
  }

  private TaskStatus awaitEnd(TaskId task) {
    return await().atMost(TIMEOUT).until(() -> fixture.status(task), status -> status.state().isFinal());
  }
}
