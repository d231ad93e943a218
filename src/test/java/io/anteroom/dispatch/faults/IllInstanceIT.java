package io.anteroom.dispatch.faults;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.dispatch.DispatchFixture;
import io.anteroom.queue.TaskQueue.Condition;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.ledger.RunLedger.Run.Outcome;
import io.anteroom.support.Workflows;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An instance that answers but does not work: its tasks wait and say why, and take no place from others. */
class IllInstanceIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private DispatchFixture fixture;

  @BeforeEach
  void start() {
    fixture = DispatchFixture.start().limit(1);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void whileItAnswers500ItsTasksWaitAndSayWhyAndNoAttemptIsHeldAgainstThem() {
    fixture.instances(2, ComfyVersion.V0_28_0);
    done(fixture.instance(0).answer500(Integer.MAX_VALUE));

    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    until(() -> done(fixture.queue().conditions()).stream().anyMatch(ill -> ill.faults() > 3));
    until(() -> is(task, InstanceOutage.Kind.FAILING));
    assertThat(fixture.status(task).attempts()).as("runs").isZero();
    assertThat(awaitEnd(fixture.submit("bob", "comfy-2", Workflows.lasting(0.1))).state())
      .isEqualTo(TaskState.COMPLETED);

    done(fixture.instance(0).heal());
    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(task.value())).hasSize(1);
  }

  @Test
  void aSingle500CostsNoMoreThanAnotherSending() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    done(fixture.instance(0).answer500(1));

    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(task.value())).singleElement()
      .satisfies(run -> assertThat(run.attempt()).isGreaterThan(1));
    until(() -> done(fixture.queue().stats()).instancesOut() == 0);
  }

  @Test
  void aLostRunIsTriedAgainHoweverOftenItWasRefusedBefore() {
    fixture.with("ANTEROOM_TASK_MAX_ATTEMPTS", "2").instances(1, ComfyVersion.V0_28_0);
    done(fixture.instance(0).answer500(3));
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(9_999));
    until(() -> fixture.ledger().hasStarted(task.value()));

    done(fixture.instance(0).restart());
    until(() -> fixture.ledger().runsOf(task.value()).size() == 2);
    done(fixture.instance(0).finish(task.value()));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void whatItTakesAndDoesNotBeginIsTakenBackAndItsPlaceIsFree() {
    fixture.guarded().instances(2, ComfyVersion.V0_28_0);
    done(fixture.instance(0).stall());

    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    until(() -> fixture.status(task).times().started().isPresent());
    TaskId other = fixture.submit("bob", "comfy-2", Workflows.lasting(0.1));

    assertThat(awaitEnd(other).state()).isEqualTo(TaskState.COMPLETED);
    until(() -> is(task, InstanceOutage.Kind.STALLED));
    done(fixture.instance(0).heal());
    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(task.value())).hasSize(1);
  }

  @Test
  void whatWaitsForItForTooLongFails() {
    fixture.with("ANTEROOM_INSTANCE_GIVE_UP", "2s").instances(1, ComfyVersion.V0_28_0);
    done(fixture.instance(0).goDown());

    TaskStatus status = awaitEnd(fixture.submit("alice", "comfy-1", Workflows.lasting(0.1)));

    assertThat(status.state()).isEqualTo(TaskState.FAILED);
    assertThat(status.error().orElseThrow().type()).isEqualTo("instance_gave_up");
    assertThat(status.error().orElseThrow().message()).contains("comfy-1 does not answer");
    assertThat(fixture.ledger().runs()).isEmpty();
  }

  @Test
  void aRunThatNothingIsHeardOfSaysSoAndInTheEndIsLostWithItsPlaceFreeAndItsInstanceFencedOff() {
    fixture.with("ANTEROOM_INSTANCE_GIVE_UP", "6s").instances(2, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(9_999));
    TaskId next = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    TaskId other = fixture.submit("bob", "comfy-2", Workflows.lasting(0.1));
    until(() -> fixture.ledger().hasStarted(task.value()));

    done(fixture.instance(0).hang());
    until(() -> fixture.status(task).state() == TaskState.PROCESSING && is(task, InstanceOutage.Kind.SILENT));
    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.LOST);
    assertThat(awaitEnd(other).state()).isEqualTo(TaskState.COMPLETED);

    done(fixture.instance(0).heal());
    done(fixture.instance(0).finish(task.value()));
    awaitEnd(next);
    assertThat(fixture.ledger().mostAtOnceOn("comfy-1")).isEqualTo(1);
    assertThat(fixture.ledger().ranTwice()).isEmpty();
  }

  @Test
  void oneThatComesAndGoesLosesNothingAndRunsNothingTwice() {
    fixture.with("ANTEROOM_TASK_MAX_ATTEMPTS", "50").instances(1, ComfyVersion.V0_28_0);
    for (int task = 0; task < 5; task++) {
      fixture.submit("alice", "comfy-1", Workflows.lasting(0.2));
    }

    for (int flap = 0; flap < 20; flap++) {
      done(fixture.instance(0).goDown());
      done(fixture.instance(0).comeUp());
    }

    until(() -> done(fixture.queue().list("alice")).stream().allMatch(task -> task.state() == TaskState.COMPLETED));
    assertThat(fixture.ledger().ranTwice()).isEmpty();
    assertThat(fixture.ledger().runs()).hasSize(5).allMatch(run -> run.outcome() == Outcome.SUCCESS);
  }

  /** As a teacher does who installs nodes. */
  @Test
  void howeverOftenItRestartsItsFirstAnswerPutsItBackIntoService() {
    fixture.instances(1, ComfyVersion.V0_28_0);

    for (int restart = 1; restart <= 5; restart++) {
      done(fixture.instance(0).goDown());
      TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
      until(() -> is(task, InstanceOutage.Kind.SILENT));
      done(fixture.instance(0).comeUp());
      long answers = System.nanoTime();

      Condition back = await().atMost(TIMEOUT).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5))
        .until(() -> done(fixture.queue().conditions()).get(0), found -> !found.state().equals("down"));
      assertThat(back.state()).as("restart %d", restart).isEqualTo("up");
      assertThat(back.faults()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - answers)).as("ten rounds").isLessThan(Duration.ofSeconds(5));
      TaskStatus status = awaitEnd(task);
      assertThat(status.state()).isEqualTo(TaskState.COMPLETED);
      assertThat(status.attempts()).isEqualTo(1);
    }
  }

  /** The second run that it loses in a row is not sent to it at once: it gets a pause, then one task at a time. */
  @Test
  void oneThatLosesRunsGetsFewerAndFewerAndTheTaskIsNotSpentOnIt() {
    fixture.with("ANTEROOM_TASK_MAX_ATTEMPTS", "6").instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(9_999));

    for (int loss = 1; loss <= 4; loss++) {
      int runs = loss;
      until(() -> fixture.ledger().runsOf(task.value()).size() == runs);
      done(fixture.instance(0).restart());
      if (loss > 1) {
        until(() -> fixture.status(task).outage().flatMap(InstanceOutage::until).isPresent());
        assertThat(done(fixture.queue().conditions()).get(0).faults()).isEqualTo(loss);
      }
    }
    until(() -> fixture.ledger().runsOf(task.value()).size() == 5);
    done(fixture.instance(0).finish(task.value()));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(done(fixture.queue().conditions()).get(0).state()).isEqualTo("up");
  }

  @Test
  void aRunThatTellsItsProgressIsNotHeldUpWhileItsInstanceHasNoTimeToAnswer() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(9_999));
    until(() -> fixture.ledger().hasStarted(task.value()));
    done(fixture.instance(0).hang());
    until(() -> is(task, InstanceOutage.Kind.SILENT));

    TaskEvent progress = new TaskEvent(task, "alice", Happened.PROGRESSED, TaskState.PROCESSING, "comfy-1");
    until(() -> {
      new Bus(fixture.vertx()).publish(Events.TASK, progress);
      return fixture.status(task).blocked().isEmpty();
    });

    done(fixture.instance(0).heal());
    done(fixture.instance(0).finish(task.value()));
    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
  }

  private boolean is(TaskId task, InstanceOutage.Kind kind) {
    return fixture.status(task).outage().filter(outage -> outage.kind() == kind).isPresent();
  }

  private TaskStatus awaitEnd(TaskId task) {
    return await().atMost(TIMEOUT).ignoreExceptions()
      .until(() -> fixture.status(task), status -> status.state().isFinal());
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(50)).ignoreExceptions().until(condition);
  }
}
