package io.anteroom.dispatch.faults;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.dispatch.DispatchFixture;
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

  @Test
  void theTimeThatATaskRanUnderItsFormerNodeCounts() {
    fixture.timeout("1h").instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(9_999));
    await().atMost(TIMEOUT).until(() -> fixture.status(task).times().started().isPresent());
    fixture.stopDispatching();
    fixture.beganAgo(task, Duration.ofHours(2));

    fixture.startDispatching();

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.TIMED_OUT);
    assertThat(fixture.ledger().runsOf(task.value())).singleElement()
      .satisfies(run -> assertThat(run.outcome()).isEqualTo(Outcome.INTERRUPTED));
  }

  /** Runs that did not come through the queue, one after the other, are longer than a task may be. */
  @Test
  void theTimeThatATaskWaitsBehindOthersAtItsInstanceDoesNotCount() {
    Duration timeout = Duration.ofSeconds(3);
    fixture.timeout(timeout.toSeconds() + "s").instances(1, ComfyVersion.V0_28_0);
    for (int other = 0; other < 7; other++) {
      runsThere(Workflows.lasting(1 + other / 100.0));
    }

    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    await().atMost(TIMEOUT).until(() -> fixture.status(task).times().started().isPresent());
    long accepted = fixture.ledger().now();

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    long waited = fixture.ledger().runsOf(task.value()).get(0).begin() - accepted;
    assertThat(Duration.ofNanos(waited)).isGreaterThan(timeout);
  }

  /** The next node asks the instance, which takes its time to answer, before it checks the clock. */
  @Test
  void aTaskThatStillWaitsAtItsInstanceHasItsWholeTimeUnderTheNextNode() {
    fixture.timeout("1h").instances(1, ComfyVersion.V0_28_0);
    String other = runsThere(Workflows.lasting(9_999));
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    await().atMost(TIMEOUT).until(() -> fixture.status(task).times().started().isPresent());
    fixture.stopDispatching();
    fixture.beganAgo(task, Duration.ofHours(2));

    done(fixture.instance(0).slow(1_500));
    fixture.startDispatching();
    await().pollDelay(Duration.ofSeconds(4)).atMost(TIMEOUT)
      .until(() -> fixture.status(task).state() == TaskState.PROCESSING);
    done(fixture.instance(0).heal());
    done(fixture.instance(0).finish(other));

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void theNextNodeKnowsWhenATaskBeganThatHadWaitedAtItsInstance() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    String other = runsThere(Workflows.lasting(9_999));
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(9_999));
    await().atMost(TIMEOUT).until(() -> fixture.status(task).times().started().isPresent());
    fixture.beganAgo(task, Duration.ofHours(2));
    // Meanwhile it is seen to wait, at once and at every poll.
    await().pollDelay(Duration.ofSeconds(3)).until(() -> fixture.watched() == 1);

    done(fixture.instance(0).finish(other));

    await().atMost(TIMEOUT).until(() -> fixture.status(task).times().started().orElseThrow(),
      started -> started.isAfter(Instant.now().minus(Duration.ofHours(1))));
  }

  /** Else its place were free while it runs on: nothing had asked the instance to stop it. */
  @Test
  void aRunWhoseTimeIsUpWhileTheStoreIsAwayIsStoppedWhenTheStoreIsBack() {
    fixture.timeout("3s").instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(9_999));
    await().atMost(TIMEOUT).until(() -> fixture.status(task).times().started().isPresent());

    fixture.relay().away();
    // The time-out, the grace of two seconds and a poll, twice.
    await().pollDelay(Duration.ofSeconds(12)).atMost(TIMEOUT).until(() -> true);
    fixture.relay().back();

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.TIMED_OUT);
    assertThat(fixture.ledger().runsOf(task.value())).singleElement()
      .satisfies(run -> assertThat(run.outcome()).isEqualTo(Outcome.INTERRUPTED));
  }

  /** Has the instance run something that did not come through the queue; its id. */
  private String runsThere(JsonObject workflow) {
    return new Student("somebody").post(fixture.instance(0).url() + "/prompt",
      new JsonObject().put("prompt", workflow).encode()).json().getString("prompt_id");
  }

  private TaskStatus awaitEnd(TaskId task) {
    return await().atMost(TIMEOUT).until(() -> fixture.status(task), status -> status.state().isFinal());
  }
}
