package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.ComfyClient;
import io.anteroom.queue.Claim;
import io.anteroom.queue.InstanceFault;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.Payloads;
import io.anteroom.support.Workflows;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The two moments that nothing but a guard at the instance can make safe: a node that is frozen exactly between its
 * last check and the POST, and an instance that dies when a run has just ended. Each is tried without a guard as well,
 * to show that it is the guard that helps.
 */
class GuardedDispatchIT {
  private static final int FROZEN = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DispatchBench bench = DispatchBench.start().limit(FROZEN);

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void withoutAGuardWhatAFrozenNodeSendsLateCanRunTwice() {
    wakeFrozenNodes();

    System.out.printf("%d nodes frozen before the POST, without a guard: %d double runs%n", FROZEN,
      bench.ledger().ranTwice().size());
    assertThat(bench.ledger().ranTwice()).isNotEmpty();
  }

  @Test
  void withAGuardWhatAFrozenNodeSendsLateNeverRuns() {
    bench.guarded();

    wakeFrozenNodes();

    assertThat(bench.ledger().runs()).hasSize(FROZEN);
    System.out.printf("%d nodes frozen before the POST, with a guard: %d double runs%n", FROZEN,
      bench.ledger().ranTwice().size());
    assertThat(bench.ledger().ranTwice()).isEmpty();
  }

  @Test
  void withASecretTheSameHolds() {
    bench.guarded("the-secret-of-this-lab");

    wakeFrozenNodes();

    assertThat(bench.ledger().runs()).hasSize(FROZEN);
    assertThat(bench.ledger().ranTwice()).isEmpty();
  }

  /** Nothing later was sent that would outdate it: only what the dispatcher tells the guard keeps it out. */
  @Test
  void whatAFrozenNodeSendsOfACancelledTaskNeverRuns() {
    bench.guarded().instances(1, ComfyVersion.V0_28_0);
    bench.stopDispatching();
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));
    Claim frozen = done(bench.queue().claim("frozen")).orElseThrow();
    assertThat(done(bench.queue().beginSubmit(frozen))).isTrue();
    done(bench.queue().cancel(task, "alice"));
    bench.startDispatching();
    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.CANCELLED);

    post(bench.client(), frozen);

    await(() -> done(bench.client().remaining(bench.at("comfy-1"))) == 0);
    assertThat(bench.ledger().runs()).isEmpty();
  }

  /** It was said to be lost, and then it stays so. */
  @Test
  void whatAFrozenNodeSendsOfALostTaskNeverRuns() {
    bench.with("ANTEROOM_TASK_MAX_ATTEMPTS", "1").guarded().instances(1, ComfyVersion.V0_28_0);
    bench.stopDispatching();
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));
    Claim frozen = done(bench.queue().claim("frozen")).orElseThrow();
    assertThat(done(bench.queue().beginSubmit(frozen))).isTrue();
    bench.startDispatching();
    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.LOST);

    post(bench.client(), frozen);

    await(() -> done(bench.client().remaining(bench.at("comfy-1"))) == 0);
    assertThat(bench.ledger().runs()).isEmpty();
  }

  @Test
  void withoutAGuardWhatEndedBeforeARestartRunsAgain() {
    TaskId task = endedUnseenBeforeARestart();

    assertThat(bench.ledger().runsOf(task.value())).hasSize(2);
  }

  @Test
  void withAGuardWhatEndedBeforeARestartIsKnownWithItsOutputs() {
    bench.guarded();

    TaskId task = endedUnseenBeforeARestart();

    assertThat(bench.ledger().runsOf(task.value())).hasSize(1);
    assertThat(bench.status(task).attempts()).isEqualTo(1);
    assertThat(bench.status(task).outputs()).contains("\"images\"");
  }

  @Test
  void withAGuardWhatARestartCutShortRunsAgain() {
    bench.guarded().instances(1, ComfyVersion.V0_28_0);
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(600));
    until(() -> bench.ledger().hasStarted(task.value()));

    done(bench.instance(0).restart());
    bench.finish(task);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(bench.status(task).attempts()).isEqualTo(2);
  }

  /** A store that came back older counts attempts that were sent already: the instance's word decides then too. */
  @Test
  void anAttemptThatTheGuardDoesNotTakeIsLookedUp() {
    bench.guarded().instances(1, ComfyVersion.V0_28_0);
    bench.stopDispatching();
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));
    Claim sentBefore = done(bench.queue().claim("another")).orElseThrow();
    post(bench.client(), sentBefore);
    until(() -> bench.ledger().hasEnded(task.value()));
    // As if the store had lost the claim.
    done(bench.queue().fault(sentBefore, new InstanceFault(InstanceFault.Kind.UNREACHABLE, "no connection"), 3));

    bench.startDispatching();

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(bench.ledger().runsOf(task.value())).hasSize(1);
  }

  /** Every second one wakes while the task runs under its next owner, the others after its end. */
  private void wakeFrozenNodes() {
    bench.instances(FROZEN, ComfyVersion.V0_28_0);
    bench.stopDispatching();
    for (int number = 1; number <= FROZEN; number++) {
      bench.submit("student" + number, "comfy-" + number, Workflows.lasting(1));
    }
    List<Claim> frozen = frozenBeforeThePost();
    bench.startDispatching();
    ComfyClient client = bench.client();

    for (int number = 0; number < FROZEN; number++) {
      Claim claim = frozen.get(number);
      if (number % 2 == 0) {
        await(() -> bench.ledger().hasStarted(claim.id().value()));
      } else {
        awaitEnd(claim.id());
      }
      post(client, claim);
    }

    frozen.forEach(claim -> assertThat(awaitEnd(claim.id()).state()).isEqualTo(TaskState.COMPLETED));
    frozen.forEach(claim -> await(() -> done(client.remaining(bench.at(claim.instance()))) == 0));
  }

  private List<Claim> frozenBeforeThePost() {
    List<Claim> claims = new ArrayList<>();
    for (int number = 0; number < FROZEN; number++) {
      Claim claim = done(bench.queue().claim("frozen")).orElseThrow();
      assertThat(done(bench.queue().beginSubmit(claim))).isTrue();
      claims.add(claim);
    }
    return claims;
  }

  /** The very bytes that its node had in hand. */
  private void post(ComfyClient client, Claim claim) {
    String body = Payloads.sent(bench.queue(), claim);
    done(client.post(bench.at(claim.instance()), claim.id(), claim.attempt(), body));
  }

  private TaskId endedUnseenBeforeARestart() {
    bench.instances(1, ComfyVersion.V0_28_0);
    bench.stopDispatching();
    TaskId task = bench.submit("alice", "comfy-1", Workflows.lasting(0.1));
    Claim ofADeadNode = done(bench.queue().claim("dead")).orElseThrow();
    assertThat(done(bench.queue().beginSubmit(ofADeadNode))).isTrue();
    post(bench.client(), ofADeadNode);
    until(() -> bench.ledger().hasEnded(task.value()));
    done(bench.instance(0).restart());

    bench.startDispatching();

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    return task;
  }

  private TaskStatus awaitEnd(TaskId task) {
    await(() -> bench.status(task).state().isFinal());
    return bench.status(task);
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
  }
}
