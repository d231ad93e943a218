package io.anteroom.dispatch.faults;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.dispatch.DispatchFixture;
import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.simulator.ledger.RunLedger.Run.Outcome;
import io.anteroom.support.Workflows;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Each fault of an instance while a task is in each stage of its life there, all at the same time at an instance each:
 * nothing is lost, nothing runs to its end twice, and afterwards every instance works as before.
 */
class FaultsAtEachStageIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(150);

  private final DispatchFixture fixture = DispatchFixture.start().guarded();
  private final List<Case> cases = new ArrayList<>();

  /** Where the task is when the fault begins. */
  private enum Stage { WAITING, SENDING, PENDING, RUNNING, ENDED_UNREAD }

  private enum Fault {
    RESTART(SimulatedComfy::restart, false),
    DOWN(SimulatedComfy::goDown, true),
    HANG(SimulatedComfy::hang, true),
    SLOW(comfy -> comfy.slow(10_000), true),
    ZOMBIE(SimulatedComfy::zombie, false),
    STALL(SimulatedComfy::stall, false),
    FULL_DISK(comfy -> comfy.answer500(Integer.MAX_VALUE), false);

    private final Function<SimulatedComfy, Future<Void>> verb;
    /** The instance says nothing any more, and what runs goes on. */
    private final boolean mute;

    Fault(Function<SimulatedComfy, Future<Void>> verb, boolean mute) {
      this.verb = verb;
      this.mute = mute;
    }
  }

  /** One student's task at his own instance. */
  private record Case(int number, Fault fault, Stage stage, TaskId task) {
    String pool() {
      return "comfy-" + (number + 1);
    }
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void nothingIsLostNothingEndsTwiceAndEveryInstanceWorksAgain() {
    int count = Fault.values().length * Stage.values().length;
    fixture.limit(count).instances(count, ComfyVersion.V0_28_0);

    IntStream.range(0, count).forEach(number -> begin(number,
      Fault.values()[number / Stage.values().length], Stage.values()[number % Stage.values().length]));
    cases.stream().filter(this::hasAReason).forEach(one -> until(() -> isOver(one) || !blocked(one).isEmpty()));
    cases.forEach(this::heal);

    cases.forEach(one -> ranToItsEndOnce(one, awaitEnd(one.task())));
    List<TaskId> after = cases.stream().map(one -> submit(one.pool(), 0.1)).toList();
    after.forEach(task -> assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED));
    until(() -> done(fixture.queue().stats()).processing() == 0);
    until(() -> done(fixture.queue().stats()).instancesOut() == 0);
  }

  private void begin(int number, Fault fault, Stage stage) {
    SimulatedComfy comfy = fixture.instance(number);
    if (stage == Stage.WAITING) {
      done(fault.verb.apply(comfy));
    }
    if (stage == Stage.SENDING) {
      done(comfy.hang());
    }
    if (stage == Stage.PENDING) {
      done(comfy.stall());
    }
    Case one = new Case(number, fault, stage, submit("comfy-" + (number + 1), 1));
    cases.add(one);
    until(() -> hasCome(one));
    if (stage != Stage.WAITING) {
      done(fault.verb.apply(comfy));
    }
    if (stage == Stage.ENDED_UNREAD && fault.mute) {
      done(comfy.finish(one.task().value()));
      until(() -> fixture.ledger().hasEnded(one.task().value()));
    }
  }

  private boolean hasCome(Case one) {
    TaskStatus status = fixture.status(one.task());
    return switch (one.stage()) {
      case WAITING -> true;
      case SENDING -> status.state() == TaskState.PROCESSING || !status.blocked().isEmpty();
      case PENDING -> status.times().started().isPresent();
      case RUNNING, ENDED_UNREAD -> fixture.ledger().hasStarted(one.task().value());
    };
  }

  /** Whether the instance is seen to be out, whatever the task was doing. */
  private boolean hasAReason(Case one) {
    return one.fault().mute || one.stage() == Stage.WAITING && (one.fault() == Fault.FULL_DISK
      || one.fault() == Fault.STALL);
  }

  private String blocked(Case one) {
    return fixture.status(one.task()).blocked();
  }

  private boolean isOver(Case one) {
    return fixture.status(one.task()).state().isFinal();
  }

  private void heal(Case one) {
    SimulatedComfy comfy = fixture.instance(one.number());
    done(comfy.heal());
    done(one.fault() == Fault.ZOMBIE ? comfy.restart() : comfy.comeUp());
  }

  private void ranToItsEndOnce(Case one, TaskStatus status) {
    assertThat(status.state()).as(one.toString()).isEqualTo(TaskState.COMPLETED);
    List<Run> runs = fixture.ledger().runsOf(one.task().value());
    assertThat(runs.stream().filter(run -> run.outcome() == Outcome.SUCCESS)).as(one.toString()).hasSize(1);
    assertThat(runs.stream().filter(run -> run.outcome() != Outcome.SUCCESS)).as(one.toString())
      .allMatch(run -> run.outcome() == Outcome.KILLED);
    assertThat(fixture.ledger().mostAtOnceOn(one.pool())).as(one.toString()).isEqualTo(1);
    assertThat(status.attempts()).as(one.toString()).isGreaterThanOrEqualTo(runs.size());
  }

  private TaskId submit(String pool, double seconds) {
    return fixture.submit("student-of-" + pool, pool, Workflows.lasting(seconds));
  }

  private TaskStatus awaitEnd(TaskId task) {
    return await().atMost(TIMEOUT).ignoreExceptions()
      .until(() -> fixture.status(task), status -> status.state().isFinal());
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(50)).ignoreExceptions().until(condition);
  }
}
