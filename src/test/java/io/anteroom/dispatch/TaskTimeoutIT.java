package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.ledger.RunLedger.Run.Outcome;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code task.timeout} counts the time in which a task runs at its instance: all of it, and no other. */
class TaskTimeoutIT {
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

  @Test
  void theTimeThatATaskRanUnderItsFormerNodeCounts() {
    bench.timeout("1h").instances(1, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(9_999));
    await().atMost(PATIENCE).until(() -> bench.status(task).times().started().isPresent());
    bench.stopDispatching();
    bench.beganAgo(task, Duration.ofHours(2));

    bench.startDispatching();

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.TIMED_OUT);
    assertThat(bench.ledger().runsOf(task.value())).singleElement()
      .satisfies(run -> assertThat(run.outcome()).isEqualTo(Outcome.INTERRUPTED));
  }

  /** Runs that did not come through the queue, one after the other, are longer than a task may be. */
  @Test
  void theTimeThatATaskWaitsBehindOthersAtItsInstanceDoesNotCount() {
    Duration timeout = Duration.ofSeconds(3);
    bench.timeout(timeout.toSeconds() + "s").instances(1, ComfyVersion.V0_28_0);
    for (int other = 0; other < 7; other++) {
      runsThere(Workflows.lasting(1 + other / 100.0));
    }

    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));
    await().atMost(PATIENCE).until(() -> bench.status(task).times().started().isPresent());
    long accepted = bench.ledger().now();

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    long waited = bench.ledger().runsOf(task.value()).get(0).begin() - accepted;
    assertThat(Duration.ofNanos(waited)).isGreaterThan(timeout);
  }

  /** The next node asks the instance, which takes its time to answer, before it looks at the clock. */
  @Test
  void aTaskThatStillWaitsAtItsInstanceHasItsWholeTimeUnderTheNextNode() {
    bench.timeout("1h").instances(1, ComfyVersion.V0_28_0);
    String other = runsThere(Workflows.lasting(9_999));
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));
    await().atMost(PATIENCE).until(() -> bench.status(task).times().started().isPresent());
    bench.stopDispatching();
    bench.beganAgo(task, Duration.ofHours(2));

    done(bench.instance(0).slow(1_500));
    bench.startDispatching();
    await().pollDelay(Duration.ofSeconds(4)).atMost(PATIENCE)
      .until(() -> bench.status(task).state() == TaskState.PROCESSING);
    done(bench.instance(0).heal());
    done(bench.instance(0).finish(other));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void theNextNodeKnowsWhenATaskBeganThatHadWaitedAtItsInstance() {
    bench.instances(1, ComfyVersion.V0_28_0);
    String other = runsThere(Workflows.lasting(9_999));
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(9_999));
    await().atMost(PATIENCE).until(() -> bench.status(task).times().started().isPresent());
    bench.beganAgo(task, Duration.ofHours(2));
    // Meanwhile it is seen to wait, at once and at every poll.
    await().pollDelay(Duration.ofSeconds(3)).until(() -> bench.watched() == 1);

    done(bench.instance(0).finish(other));

    await().atMost(PATIENCE).until(() -> bench.status(task).times().started().orElseThrow(),
      started -> started.isAfter(Instant.now().minus(Duration.ofHours(1))));
  }

  /** Else its place were free while it runs on: nothing had asked the instance to stop it. */
  @Test
  void aRunWhoseTimeIsUpWhileTheStoreIsAwayIsStoppedWhenTheStoreIsBack() {
    bench.timeout("3s").instances(1, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(9_999));
    await().atMost(PATIENCE).until(() -> bench.status(task).times().started().isPresent());

    bench.relay().away();
    // The time-out, the grace of two seconds and a poll, twice.
    await().pollDelay(Duration.ofSeconds(12)).atMost(PATIENCE).until(() -> true);
    bench.relay().back();

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.TIMED_OUT);
    assertThat(bench.ledger().runsOf(task.value())).singleElement()
      .satisfies(run -> assertThat(run.outcome()).isEqualTo(Outcome.INTERRUPTED));
  }

  /** Has the instance run something that did not come through the queue; its id. */
  private String runsThere(JsonObject workflow) {
    return new Student("somebody").post(bench.instance(0).url() + "/prompt",
      new JsonObject().put("prompt", workflow).encode()).json().getString("prompt_id");
  }

  private TaskStatus awaitEnd(TaskId task) {
    return await().atMost(PATIENCE).until(() -> bench.status(task), status -> status.state().isFinal());
  }
}
