package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.refused;
import static io.anteroom.support.Awaited.until;
import static io.anteroom.support.Awaited.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.bus.Bus;
import io.anteroom.bus.DispatchServices;
import io.anteroom.bus.DispatchServices.Started;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.queue.Claim;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.Tasks;
import io.anteroom.support.Workflows;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A verb takes effect in Redis, but its answer is lost with the connection: the task runs once all the same, and nobody
 * waits for a lease, which is longer here than a test has patience.
 */
class LostAnswersIT {
  private static final String LONG = "200s";

  private final DispatchBench bench = DispatchBench.start().limit(1).with("ANTEROOM_TASK_LEASE", LONG);

  @AfterEach
  void stop() {
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"claim", "begin_submit", "mark_accepted", "finish", "set_instance_state", "adopt",
    "recover_claims"})
  void oneTaskAfterTheOtherRunsOnce(String verb) {
    bench.instances(2, ComfyVersion.V0_28_0);
    bench.relay().loseAnswers(verb, 1);

    TaskId first = bench.submit("alice", "comfy-1", Workflows.lasting(0.2));
    TaskId second = bench.submit("bob", "comfy-2", Workflows.lasting(0.2));

    runsOnce(first);
    runsOnce(second);
    until(() -> bench.relay().lost() == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"claim", "finish"})
  void anAnswerThatBreaksOffIsNoAnswer(String verb) {
    bench.instances(2, ComfyVersion.V0_28_0);
    bench.relay().cutAnswers(verb, 1);

    TaskId first = bench.submit("alice", "comfy-1", Workflows.lasting(0.2));
    TaskId second = bench.submit("bob", "comfy-2", Workflows.lasting(0.2));

    runsOnce(first);
    runsOnce(second);
    assertThat(bench.relay().lost()).isEqualTo(1);
  }

  @Test
  void manyAnswersInARowMayBeLost() {
    bench.instances(1, ComfyVersion.V0_28_0);
    bench.relay().loseAnswers(12);

    runsOnce(bench.submit("alice", "comfy-1", Workflows.lasting(0.2)));

    until(() -> bench.relay().lost() == 12);
  }

  /** Each second the dispatcher looks for claims that it did not hear of: those on their way to it are none. */
  @Test
  void aClaimWhoseAnswerIsStillToComeIsNotTakenForOneThatGotLost() {
    bench.patient(Duration.ofSeconds(30)).instances(1, ComfyVersion.V0_28_0);
    bench.relay().delay(Duration.ofMillis(100));

    List<TaskId> tasks = IntStream.range(0, 20)
      .mapToObj(number -> bench.submit("alice", "comfy-1", Workflows.lasting(0.01))).toList();

    tasks.forEach(this::runsOnce);
    assertThat(bench.figures()).doesNotContainKey("dispatch_adopted");
  }

  @Test
  void aTaskThatWasGivenBackRunsLaterAndOnce() {
    bench.with("ANTEROOM_INSTANCE_PROBE_INTERVAL", "10m").instances(1, ComfyVersion.V0_28_0);
    done(bench.instance(0).goDown());
    bench.relay().loseAnswers("fault", 1);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.2));
    until(() -> bench.relay().lost() == 1);
    until(() -> bench.status(task).state() == TaskState.QUEUED);

    done(bench.instance(0).comeUp());
    done(bench.queue().setInstanceState("comfy-1", InstanceState.IDLE, ""));
    new Bus(bench.vertx()).publish(Events.WAKE, null);

    runsOnce(task);
  }

  /** Each look at the instance shows that it runs, while the store has not answered that it has noted so. */
  @Test
  void aRunIsToldToHaveStartedOnceHoweverLateTheStoreAnswers() {
    bench.with("ANTEROOM_TASK_POLL_INTERVAL", "100ms").instances(1, ComfyVersion.V0_28_0);
    List<TaskEvent> started = new CopyOnWriteArrayList<>();
    new Bus(bench.vertx()).subscribe(Events.TASK, event -> {
      if (event.happened() == Happened.STARTED) {
        started.add(event);
      }
    });
    bench.relay().hold("mark_accepted");
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(600));
    until(bench.relay()::holds);
    await().during(Duration.ofMillis(1_000)).until(bench.relay()::holds);

    bench.relay().release();
    bench.finish(task);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(started).singleElement().satisfies(event -> assertThat(event.id()).isEqualTo(task));
  }

  /**
   * Whoever sees at an instance that a run has ended may ask for the next a little before its place is free. On a busy
   * machine that may take longer than anybody waits for it: some of ten suffice.
   */
  @Test
  void aTaskThatIsToStartALittleBeforeItsPlaceIsFreeHearsItsInstance() {
    bench.instances(1, ComfyVersion.V0_28_0);
    int heard = 0;
    for (int round = 0; round < 10; round++) {
      TaskId first = bench.submit("alice", "comfy-1", Workflows.lasting(600));
      until(() -> bench.status(first).times().started().isPresent());
      TaskId next = bench.submit("bob", "comfy-1", Workflows.lasting(0.01));
      bench.relay().hold("finish");
      bench.finish(first);
      until(bench.relay()::holds);

      Future<Started> started = new Bus(bench.vertx()).request(DispatchServices.START, next);
      // The dispatcher has seen meanwhile that no place is free.
      done(bench.semaphore().tryAcquire());
      done(bench.semaphore().tryAcquire());
      bench.relay().release();

      heard += done(started) instanceof Started.Accepted ? 1 : 0;
      awaitEnd(next);
    }

    assertThat(heard).isGreaterThanOrEqualTo(3);
  }

  @Test
  void anAttemptMoreIsCountedOnce() {
    bench.instances(1, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(2));
    until(() -> bench.ledger().hasStarted(task.value()));
    bench.relay().loseAnswers("reattempt", 1);

    done(bench.instance(0).restart());

    assertThat(awaitEnd(task).attempts()).isEqualTo(2);
    assertThat(bench.ledger().runsOf(task.value())).hasSize(2);
    assertThat(bench.relay().lost()).isEqualTo(1);
  }

  /** The poll is for what went unheard only: it is longer here than a test has patience. */
  @Test
  void withoutAPollATaskStartsWhenItIsSubmittedAndTheNextInTheStepThatEndsIt() {
    bench.with("ANTEROOM_TASK_POLL_INTERVAL", "1m").instances(2, ComfyVersion.V0_28_0);
    TaskId first = bench.submit("alice", "comfy-1", Workflows.lasting(600));
    within(Duration.ofSeconds(3), () -> bench.status(first).times().started().isPresent());
    TaskId next = bench.submit("bob", "comfy-2", Workflows.lasting(600));
    bench.relay().delay(Duration.ofMillis(20));

    bench.finish(first);
    within(Duration.ofSeconds(3), () -> bench.ledger().hasStarted(next.value()));

    assertThat(bench.stored(next, "tried")).isEqualTo(bench.stored(first, "finished"));
  }

  /** The node may have been frozen meanwhile, and the claim somebody else's by the time that a request arrives. */
  @Test
  void nothingIsSentUnderAClaimThatWasCheckedHalfALeaseAgo() {
    bench.with("ANTEROOM_TASK_LEASE", "6s").with("ANTEROOM_TASK_POST_TIMEOUT", "2s").patient(Duration.ofSeconds(30))
      .instances(1, ComfyVersion.V0_28_0);
    bench.relay().hold("begin_submit");
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.2));
    until(bench.relay()::holds);
    await().pollDelay(Duration.ofMillis(3_500)).until(bench.relay()::holds);

    bench.relay().release();

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(bench.ledger().runsOf(task.value())).singleElement()
      .satisfies(run -> assertThat(run.attempt()).as("the first was not sent").isEqualTo(2));
  }

  @Test
  void aNodeKeepsWhatItRunsForLongerThanALease() {
    bench.with("ANTEROOM_TASK_LEASE", "6s").with("ANTEROOM_TASK_POST_TIMEOUT", "2s").instances(1, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(600));
    until(() -> bench.status(task).times().started().isPresent());
    String fence = bench.stored(task, "fence");

    await().during(Duration.ofSeconds(8)).atMost(Duration.ofSeconds(30))
      .until(() -> bench.stored(task, "fence").equals(fence));
  }

  @Test
  void aLeaseThatWasRenewedUnheardIsRenewedAgain() {
    bench.with("ANTEROOM_TASK_LEASE", "12s").instances(1, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(60));
    until(() -> bench.status(task).times().started().isPresent());
    bench.relay().loseAnswers("renew", 2);

    until(() -> bench.relay().lost() == 2);

    done(bench.instance(0).finish(task.value()));
    runsOnce(task);
  }

  @Test
  void whatWasHandedOverUnheardIsWatchedByTheNext() {
    bench.instances(1, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(2));
    until(() -> bench.status(task).times().started().isPresent());
    bench.relay().loseAnswers("hand_over", 1);

    bench.stopDispatching();
    bench.startDispatching();

    runsOnce(task);
    assertThat(bench.relay().lost()).isEqualTo(1);
  }

  @Test
  void whatWasAdoptedUnheardIsWatchedAllTheSame() {
    bench.instances(1, ComfyVersion.V0_28_0);
    bench.stopDispatching();
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.2));
    Claim left = done(bench.queue().claim("another")).orElseThrow();
    done(bench.queue().handOver(List.of(left)));
    bench.relay().loseAnswers("adopt", 1);

    bench.startDispatching();

    runsOnce(task);
    assertThat(bench.relay().lost()).isEqualTo(1);
  }

  @Test
  void aWishToCancelThatWasNotAnsweredIsCarriedOut() {
    bench.with("ANTEROOM_TASK_LEASE", "3s").instances(1, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(60));
    until(() -> bench.ledger().hasStarted(task.value()));
    RedisTaskQueue students = new RedisTaskQueue(bench.vertx(), bench.relay().access());
    bench.relay().loseAnswers("cancel", 1);

    assertThat(refused(students.cancel(task, "alice"))).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.CANCELLED);
    done(students.close());
  }

  @Test
  void aSubmitThatIsRepeatedForWantOfAnAnswerIsOneTask() {
    bench.instances(1, ComfyVersion.V0_28_0);
    bench.stopDispatching();
    RedisTaskQueue students = new RedisTaskQueue(bench.vertx(), bench.relay().access());
    TaskId task = TaskId.random();
    bench.relay().loseAnswers("submit", 1);

    assertThat(done(students.submit(Tasks.task(task, "alice"))).status().id()).isEqualTo(task);

    assertThat(bench.relay().lost()).isEqualTo(1);
    assertThat(done(students.list("alice"))).hasSize(1);
    done(students.close());
  }

  private void runsOnce(TaskId task) {
    TaskStatus end = awaitEnd(task);
    assertThat(end.state()).isEqualTo(TaskState.COMPLETED);
    assertThat(end.attempts()).isEqualTo(1);
    assertThat(bench.ledger().runsOf(task.value())).hasSize(1);
    assertThat(bench.ledger().mostAtOnce()).isEqualTo(1);
  }

  private TaskStatus awaitEnd(TaskId task) {
    until(() -> bench.status(task).state().isFinal());
    return bench.status(task);
  }
}
