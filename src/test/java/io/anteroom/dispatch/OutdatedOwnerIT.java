package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
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
 * hear of it for as long as this lease lasts: it changes nothing any more, neither in the store nor at the instance.
 */
class OutdatedOwnerIT {
  private final DispatchBench bench = DispatchBench.start().with("ANTEROOM_TASK_LEASE", "200s");
  private TaskId task;

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void whatHasRunTooLongIsNotStoppedByAnOwnerOfYesterday() {
    bench.timeout("5s").instances(1, ComfyVersion.V0_28_0);
    Claim theirs = takenOver();

    until(() -> bench.watched() == 0);

    assertThat(bench.ledger().runsOf(task.value())).singleElement().matches(run -> !run.isOver());
    assertThat(done(bench.queue().beginSubmit(theirs))).isTrue();
    TaskId next = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));
    assertThat(bench.status(next).blocked()).isEmpty();
  }

  @Test
  void anEndThatAnOwnerOfYesterdaySeesIsTheNewOnesToTell() {
    bench.instances(1, ComfyVersion.V0_28_0);
    Claim theirs = takenOver();

    done(bench.instance(0).finish(task.value()));
    until(() -> bench.watched() == 0);

    assertThat(bench.status(task).state()).isEqualTo(TaskState.PROCESSING);
    done(bench.queue().finish(theirs, Outcome.completed("{}"), false));
    assertThat(bench.status(task).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void aWishToCancelIsTheNewOwnersToCarryOut() {
    bench.instances(1, ComfyVersion.V0_28_0);
    takenOver();

    done(bench.queue().cancel(task, "alice"));
    new Bus(bench.vertx()).publish(Events.TASK,
      new TaskEvent(task, "alice", Happened.CANCEL_ASKED, TaskState.PROCESSING, "comfy-1"));
    until(() -> bench.watched() == 0);

    assertThat(bench.ledger().runsOf(task.value())).singleElement().matches(run -> !run.isOver());
    assertThat(bench.status(task).state()).isEqualTo(TaskState.PROCESSING);
  }

  private Claim takenOver() {
    task = bench.submit("alice", "comfy-1", Workflows.lasting(600));
    until(() -> bench.status(task).times().started().isPresent() && bench.watched() == 1);
    bench.relay().away();
    done(bench.queue().expireLeases("bench", "another"));
    Claim claim = done(bench.queue().adopt("another", 10)).get(0);
    bench.relay().back();
    return claim;
  }
}
