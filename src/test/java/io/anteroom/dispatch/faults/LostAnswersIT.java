package io.anteroom.dispatch.faults;

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
import io.anteroom.dispatch.DispatchFixture;
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
 * A script takes effect in Redis, but its reply is lost with the connection: the task runs once all the same, and
 * without waiting for its lease, which is longer here than any test waits.
 */
class LostAnswersIT {
  private static final String LONG = "200s";

  private final DispatchFixture fixture = DispatchFixture.start().limit(1).with("ANTEROOM_TASK_LEASE", LONG);

  @AfterEach
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"claim", "begin_submit", "mark_accepted", "finish", "set_instance_state", "adopt",
    "recover_claims"})
  void oneTaskAfterTheOtherRunsOnce(String verb) {
    fixture.instances(2, ComfyVersion.V0_28_0);
    fixture.relay().loseAnswers(verb, 1);

    TaskId first = fixture.submit("alice", "comfy-1", Workflows.lasting(0.2));
    TaskId second = fixture.submit("bob", "comfy-2", Workflows.lasting(0.2));

    runsOnce(first);
    runsOnce(second);
    until(() -> fixture.relay().lost() == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"claim", "finish"})
  void anAnswerThatBreaksOffIsNoAnswer(String verb) {
    fixture.instances(2, ComfyVersion.V0_28_0);
    fixture.relay().cutAnswers(verb, 1);

    TaskId first = fixture.submit("alice", "comfy-1", Workflows.lasting(0.2));
    TaskId second = fixture.submit("bob", "comfy-2", Workflows.lasting(0.2));

    runsOnce(first);
    runsOnce(second);
    assertThat(fixture.relay().lost()).isEqualTo(1);
  }

  @Test
  void manyAnswersInARowMayBeLost() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    fixture.relay().loseAnswers(12);

    runsOnce(fixture.submit("alice", "comfy-1", Workflows.lasting(0.2)));

    until(() -> fixture.relay().lost() == 12);
  }

  /** Each second the dispatcher recovers claims that did not reach it: those still on their way do not count. */
  @Test
  void aClaimWhoseAnswerIsStillToComeIsNotTakenForOneThatGotLost() {
    fixture.storeTimeout(Duration.ofSeconds(30)).instances(1, ComfyVersion.V0_28_0);
    fixture.relay().delay(Duration.ofMillis(100));

    List<TaskId> tasks = IntStream.range(0, 20)
      .mapToObj(number -> fixture.submit("alice", "comfy-1", Workflows.lasting(0.01))).toList();

    tasks.forEach(this::runsOnce);
    assertThat(fixture.metrics()).doesNotContainKey("dispatch_adopted");
  }

  @Test
  void aTaskThatWasGivenBackRunsLaterAndOnce() {
    fixture.with("ANTEROOM_INSTANCE_PROBE_INTERVAL", "10m").instances(1, ComfyVersion.V0_28_0);
    done(fixture.instance(0).goDown());
    fixture.relay().loseAnswers("fault", 1);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.2));
    until(() -> fixture.relay().lost() == 1);
    until(() -> fixture.status(task).state() == TaskState.QUEUED);

    done(fixture.instance(0).comeUp());
    done(fixture.queue().setInstanceState("comfy-1", InstanceState.IDLE, ""));
    new Bus(fixture.vertx()).publish(Events.WAKE, null);

    runsOnce(task);
  }

  /** Each poll of the instance shows that it runs, while the store has not confirmed that it is recorded. */
  @Test
  void aRunIsToldToHaveStartedOnceHoweverLateTheStoreAnswers() {
    fixture.with("ANTEROOM_TASK_POLL_INTERVAL", "100ms").instances(1, ComfyVersion.V0_28_0);
    List<TaskEvent> started = new CopyOnWriteArrayList<>();
    new Bus(fixture.vertx()).subscribe(Events.TASK, event -> {
      if (event.happened() == Happened.STARTED) {
        started.add(event);
      }
    });
    fixture.relay().hold("mark_accepted");
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(600));
    until(fixture.relay()::holds);
    await().during(Duration.ofMillis(1_000)).until(fixture.relay()::holds);

    fixture.relay().release();
    fixture.finish(task);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(started).singleElement().satisfies(event -> assertThat(event.id()).isEqualTo(task));
  }

  /**
   * Whoever sees at an instance that a run has ended may ask for the next a little before its place is free. On a busy
   * machine that may take longer than anybody waits for it: some of ten suffice.
   */
  @Test
  void aTaskThatIsToStartALittleBeforeItsPlaceIsFreeHearsItsInstance() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    int heard = 0;
    for (int round = 0; round < 10; round++) {
      TaskId first = fixture.submit("alice", "comfy-1", Workflows.lasting(600));
      until(() -> fixture.status(first).times().started().isPresent());
      TaskId next = fixture.submit("bob", "comfy-1", Workflows.lasting(0.01));
      fixture.relay().hold("finish");
      fixture.finish(first);
      until(fixture.relay()::holds);

      Future<Started> started = new Bus(fixture.vertx()).request(DispatchServices.START, next);
      // The dispatcher has seen meanwhile that no place is free.
      done(fixture.semaphore().tryAcquire());
      done(fixture.semaphore().tryAcquire());
      fixture.relay().release();

      heard += done(started) instanceof Started.Accepted ? 1 : 0;
      awaitEnd(next);
    }

    assertThat(heard).isGreaterThanOrEqualTo(3);
  }

  @Test
  void anAttemptMoreIsCountedOnce() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(2));
    until(() -> fixture.ledger().hasStarted(task.value()));
    fixture.relay().loseAnswers("reattempt", 1);

    done(fixture.instance(0).restart());

    assertThat(awaitEnd(task).attempts()).isEqualTo(2);
    assertThat(fixture.ledger().runsOf(task.value())).hasSize(2);
    assertThat(fixture.relay().lost()).isEqualTo(1);
  }

  /** The poll is for what went unheard only: it is longer here than a test has patience. */
  @Test
  void withoutAPollATaskStartsWhenItIsSubmittedAndTheNextInTheStepThatEndsIt() {
    fixture.with("ANTEROOM_TASK_POLL_INTERVAL", "1m").instances(2, ComfyVersion.V0_28_0);
    TaskId first = fixture.submit("alice", "comfy-1", Workflows.lasting(600));
    within(Duration.ofSeconds(3), () -> fixture.status(first).times().started().isPresent());
    TaskId next = fixture.submit("bob", "comfy-2", Workflows.lasting(600));
    fixture.relay().delay(Duration.ofMillis(20));

    fixture.finish(first);
    within(Duration.ofSeconds(3), () -> fixture.ledger().hasStarted(next.value()));

    assertThat(fixture.stored(next, "tried")).isEqualTo(fixture.stored(first, "finished"));
  }

  /** The node may have been frozen meanwhile, and the claim another node's by the time that a request arrives. */
  @Test
  void nothingIsSentUnderAClaimThatWasCheckedHalfALeaseAgo() {
    fixture.with("ANTEROOM_TASK_LEASE", "6s").with("ANTEROOM_TASK_POST_TIMEOUT", "2s")
      .storeTimeout(Duration.ofSeconds(30))
      .instances(1, ComfyVersion.V0_28_0);
    fixture.relay().hold("begin_submit");
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.2));
    until(fixture.relay()::holds);
    await().pollDelay(Duration.ofMillis(3_500)).until(fixture.relay()::holds);

    fixture.relay().release();

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(task.value())).singleElement()
      .satisfies(run -> assertThat(run.attempt()).as("the first was not sent").isEqualTo(2));
  }

  @Test
  void aNodeKeepsWhatItRunsForLongerThanALease() {
    fixture.with("ANTEROOM_TASK_LEASE", "6s").with("ANTEROOM_TASK_POST_TIMEOUT", "2s")
      .instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(600));
    until(() -> fixture.status(task).times().started().isPresent());
    String fence = fixture.stored(task, "fence");

    await().during(Duration.ofSeconds(8)).atMost(Duration.ofSeconds(30))
      .until(() -> fixture.stored(task, "fence").equals(fence));
  }

  @Test
  void aLeaseThatWasRenewedUnheardIsRenewedAgain() {
    fixture.with("ANTEROOM_TASK_LEASE", "12s").instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(60));
    until(() -> fixture.status(task).times().started().isPresent());
    fixture.relay().loseAnswers("renew", 2);

    until(() -> fixture.relay().lost() == 2);

    done(fixture.instance(0).finish(task.value()));
    runsOnce(task);
  }

  @Test
  void whatWasHandedOverUnheardIsWatchedByTheNext() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(2));
    until(() -> fixture.status(task).times().started().isPresent());
    fixture.relay().loseAnswers("hand_over", 1);

    fixture.stopDispatching();
    fixture.startDispatching();

    runsOnce(task);
    assertThat(fixture.relay().lost()).isEqualTo(1);
  }

  @Test
  void whatWasAdoptedUnheardIsWatchedAllTheSame() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    fixture.stopDispatching();
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.2));
    Claim left = done(fixture.queue().claim("another")).orElseThrow();
    done(fixture.queue().handOver(List.of(left)));
    fixture.relay().loseAnswers("adopt", 1);

    fixture.startDispatching();

    runsOnce(task);
    assertThat(fixture.relay().lost()).isEqualTo(1);
  }

  @Test
  void aWishToCancelThatWasNotAnsweredIsCarriedOut() {
    fixture.with("ANTEROOM_TASK_LEASE", "3s").instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(60));
    until(() -> fixture.ledger().hasStarted(task.value()));
    RedisTaskQueue students = new RedisTaskQueue(fixture.vertx(), fixture.relay().access());
    fixture.relay().loseAnswers("cancel", 1);

    assertThat(refused(students.cancel(task, "alice"))).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.CANCELLED);
    done(students.close());
  }

  @Test
  void aSubmitThatIsRepeatedForWantOfAnAnswerIsOneTask() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    fixture.stopDispatching();
    RedisTaskQueue students = new RedisTaskQueue(fixture.vertx(), fixture.relay().access());
    TaskId task = TaskId.random();
    fixture.relay().loseAnswers("submit", 1);

    assertThat(done(students.submit(Tasks.task(task, "alice"))).status().id()).isEqualTo(task);

    assertThat(fixture.relay().lost()).isEqualTo(1);
    assertThat(done(students.list("alice"))).hasSize(1);
    done(students.close());
  }

  private void runsOnce(TaskId task) {
    TaskStatus end = awaitEnd(task);
    assertThat(end.state()).isEqualTo(TaskState.COMPLETED);
    assertThat(end.attempts()).isEqualTo(1);
    assertThat(fixture.ledger().runsOf(task.value())).hasSize(1);
    assertThat(fixture.ledger().mostAtOnce()).isEqualTo(1);
  }

  private TaskStatus awaitEnd(TaskId task) {
    until(() -> fixture.status(task).state().isFinal());
    return fixture.status(task);
  }
}
