package io.anteroom.dispatch.faults;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.ComfyClient;
import io.anteroom.dispatch.DispatchFixture;
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
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final DispatchFixture fixture = DispatchFixture.start().limit(FROZEN);

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void withoutAGuardWhatAFrozenNodeSendsLateCanRunTwice() {
    wakeFrozenNodes();

    System.out.printf("%d nodes frozen before the POST, without a guard: %d double runs%n", FROZEN,
      fixture.ledger().ranTwice().size());
    assertThat(fixture.ledger().ranTwice()).isNotEmpty();
  }

  @Test
  void withAGuardWhatAFrozenNodeSendsLateNeverRuns() {
    fixture.guarded();

    wakeFrozenNodes();

    assertThat(fixture.ledger().runs()).hasSize(FROZEN);
    System.out.printf("%d nodes frozen before the POST, with a guard: %d double runs%n", FROZEN,
      fixture.ledger().ranTwice().size());
    assertThat(fixture.ledger().ranTwice()).isEmpty();
  }

  @Test
  void withASecretTheSameHolds() {
    fixture.guarded("the-secret-of-this-lab");

    wakeFrozenNodes();

    assertThat(fixture.ledger().runs()).hasSize(FROZEN);
    assertThat(fixture.ledger().ranTwice()).isEmpty();
  }

  /** Nothing later was sent that would outdate it: only what the dispatcher tells the guard keeps it out. */
  @Test
  void whatAFrozenNodeSendsOfACancelledTaskNeverRuns() {
    fixture.guarded().instances(1, ComfyVersion.V0_28_0);
    fixture.stopDispatching();
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    Claim frozen = done(fixture.queue().claim("frozen")).orElseThrow();
    assertThat(done(fixture.queue().beginSubmit(frozen))).isTrue();
    done(fixture.queue().cancel(task, "alice"));
    fixture.startDispatching();
    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.CANCELLED);

    post(fixture.client(), frozen);

    await(() -> done(fixture.client().remaining(fixture.at("comfy-1"))) == 0);
    assertThat(fixture.ledger().runs()).isEmpty();
  }

  /** It was said to be lost, and then it stays so. */
  @Test
  void whatAFrozenNodeSendsOfALostTaskNeverRuns() {
    fixture.with("ANTEROOM_TASK_MAX_ATTEMPTS", "1").guarded().instances(1, ComfyVersion.V0_28_0);
    fixture.stopDispatching();
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    Claim frozen = done(fixture.queue().claim("frozen")).orElseThrow();
    assertThat(done(fixture.queue().beginSubmit(frozen))).isTrue();
    fixture.startDispatching();
    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.LOST);

    post(fixture.client(), frozen);

    await(() -> done(fixture.client().remaining(fixture.at("comfy-1"))) == 0);
    assertThat(fixture.ledger().runs()).isEmpty();
  }

  @Test
  void withoutAGuardWhatEndedBeforeARestartRunsAgain() {
    TaskId task = endedUnseenBeforeARestart();

    assertThat(fixture.ledger().runsOf(task.value())).hasSize(2);
  }

  @Test
  void withAGuardWhatEndedBeforeARestartIsKnownWithItsOutputs() {
    fixture.guarded();

    TaskId task = endedUnseenBeforeARestart();

    assertThat(fixture.ledger().runsOf(task.value())).hasSize(1);
    assertThat(fixture.status(task).attempts()).isEqualTo(1);
    assertThat(fixture.status(task).outputs()).contains("\"images\"");
  }

  @Test
  void withAGuardWhatARestartCutShortRunsAgain() {
    fixture.guarded().instances(1, ComfyVersion.V0_28_0);
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(600));
    until(() -> fixture.ledger().hasStarted(task.value()));

    done(fixture.instance(0).restart());
    fixture.finish(task);

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.status(task).attempts()).isEqualTo(2);
  }

  /** A store that came back older counts attempts that were sent already: the instance's word decides then too. */
  @Test
  void anAttemptThatTheGuardDoesNotTakeIsLookedUp() {
    fixture.guarded().instances(1, ComfyVersion.V0_28_0);
    fixture.stopDispatching();
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    Claim sentBefore = done(fixture.queue().claim("another")).orElseThrow();
    post(fixture.client(), sentBefore);
    until(() -> fixture.ledger().hasEnded(task.value()));
    // As if the store had lost the claim.
    done(fixture.queue().fault(sentBefore, new InstanceFault(InstanceFault.Kind.UNREACHABLE, "no connection"), 3));

    fixture.startDispatching();

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(fixture.ledger().runsOf(task.value())).hasSize(1);
  }

  /** Every second one wakes while the task runs under its next owner, the others after its end. */
  private void wakeFrozenNodes() {
    fixture.instances(FROZEN, ComfyVersion.V0_28_0);
    fixture.stopDispatching();
    for (int number = 1; number <= FROZEN; number++) {
      fixture.submit("student" + number, "comfy-" + number, Workflows.lasting(1));
    }
    List<Claim> frozen = frozenBeforeThePost();
    fixture.startDispatching();
    ComfyClient client = fixture.client();

    for (int number = 0; number < FROZEN; number++) {
      Claim claim = frozen.get(number);
      if (number % 2 == 0) {
        await(() -> fixture.ledger().hasStarted(claim.id().value()));
      } else {
        awaitEnd(claim.id());
      }
      post(client, claim);
    }

    frozen.forEach(claim -> assertThat(awaitEnd(claim.id()).state()).isEqualTo(TaskState.COMPLETED));
    frozen.forEach(claim -> await(() -> done(client.remaining(fixture.at(claim.instance()))) == 0));
  }

  private List<Claim> frozenBeforeThePost() {
    List<Claim> claims = new ArrayList<>();
    for (int number = 0; number < FROZEN; number++) {
      Claim claim = done(fixture.queue().claim("frozen")).orElseThrow();
      assertThat(done(fixture.queue().beginSubmit(claim))).isTrue();
      claims.add(claim);
    }
    return claims;
  }

  /** The very bytes that its node had in hand. */
  private void post(ComfyClient client, Claim claim) {
    String body = Payloads.sent(fixture.queue(), claim);
    done(client.post(fixture.at(claim.instance()), claim.id(), claim.attempt(), body));
  }

  private TaskId endedUnseenBeforeARestart() {
    fixture.instances(1, ComfyVersion.V0_28_0);
    fixture.stopDispatching();
    TaskId task = fixture.submit("alice", "comfy-1", Workflows.lasting(0.1));
    Claim ofADeadNode = done(fixture.queue().claim("dead")).orElseThrow();
    assertThat(done(fixture.queue().beginSubmit(ofADeadNode))).isTrue();
    post(fixture.client(), ofADeadNode);
    until(() -> fixture.ledger().hasEnded(task.value()));
    done(fixture.instance(0).restart());

    fixture.startDispatching();

    assertThat(awaitEnd(task).state()).isEqualTo(TaskState.COMPLETED);
    return task;
  }

  private TaskStatus awaitEnd(TaskId task) {
    await(() -> fixture.status(task).state().isFinal());
    return fixture.status(task);
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(20)).until(condition);
  }
}
