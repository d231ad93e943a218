package io.anteroom.dispatch.faults;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.dispatch.DispatchFixture;
import io.anteroom.queue.Claim;
import io.anteroom.queue.Outcome;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.Workflows;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A node whose task was taken over, as it is in a split of the cluster or while the node was frozen, and which does not
 * learn of it for as long as this lease lasts: it changes nothing any more, neither in the store nor at the instance.
 */
class OutdatedOwnerIT {
  private final DispatchFixture fixture = DispatchFixture.start().with("ANTEROOM_TASK_LEASE", "200s");
  private TaskId task;

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void whatHasRunTooLongIsNotStoppedByAnOwnerOfYesterday() {
    fixture.timeout("5s").instances(1, ComfyVersion.V0_28_0);
    Claim theirs = takenOver();

    until(() -> fixture.watched() == 0);

    assertThat(fixture.ledger().runsOf(task.value())).singleElement().matches(run -> !run.isOver());
    assertThat(done(fixture.queue().beginSubmit(theirs))).isTrue();
    TaskId next = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    assertThat(fixture.status(next).blocked()).isEmpty();
  }

  @Test
  void anEndThatAnOwnerOfYesterdaySeesIsTheNewOnesToTell() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    Claim theirs = takenOver();

    done(fixture.instance(0).finish(task.value()));
    until(() -> fixture.watched() == 0);

    assertThat(fixture.status(task).state()).isEqualTo(TaskState.PROCESSING);
    done(fixture.queue().finish(theirs, Outcome.completed("{}"), false));
    assertThat(fixture.status(task).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void aWishToCancelIsTheNewOwnersToCarryOut() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    takenOver();

    done(fixture.queue().cancel(task, "alice"));
    new Bus(fixture.vertx()).publish(Events.TASK,
      new TaskEvent(task, "alice", Happened.CANCEL_ASKED, TaskState.PROCESSING, "comfy-1"));
    until(() -> fixture.watched() == 0);

    assertThat(fixture.ledger().runsOf(task.value())).singleElement().matches(run -> !run.isOver());
    assertThat(fixture.status(task).state()).isEqualTo(TaskState.PROCESSING);
  }

  private Claim takenOver() {
    task = fixture.submit("alice", "comfy-1", Workflows.lasting(600));
    until(() -> fixture.status(task).times().started().isPresent() && fixture.watched() == 1);
    fixture.relay().away();
    done(fixture.queue().expireLeases("dispatch", "another"));
    Claim claim = done(fixture.queue().adopt("another", 10)).get(0);
    fixture.relay().back();
    return claim;
  }
}
