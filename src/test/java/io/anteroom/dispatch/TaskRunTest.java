package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.cluster.ClusterSemaphore.Permit;
import io.anteroom.dispatch.RunDecision.StuckRun;
import io.anteroom.queue.Claim;
import io.anteroom.queue.Claim.Stage;
import io.anteroom.queue.InstanceFault;
import io.anteroom.queue.Outcome;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One run alone, without a store; time passes only when a test moves the clock. */
class TaskRunTest {
  private static final Duration TIMEOUT = MemoryDispatch.SETTINGS.task().timeout();
  private static final Duration GRACE = MemoryDispatch.SETTINGS.task().interruptGrace();

  private final MemoryDispatch memory = new MemoryDispatch(1, "ann");
  private final Recorder listener = new Recorder();
  private TaskId cat;

  @BeforeEach
  void submitOne() {
    cat = memory.submits("ann");
  }

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void aTaskIsSentWatchedAndCompleted() {
    TaskRun run = begins(memory.claims(Stage.CLAIMED));
    assertThat(memory.prompts()).isEqualTo(1);

    memory.completes(cat);
    memory.onLoop(run::poll);

    assertThat(listener.calls).containsExactly("ended COMPLETED");
  }

  @Test
  void aRunIsStoppedAfterItsTimeoutAndStuckAfterTheGrace() {
    memory.runs(cat);
    TaskRun run = begins(memory.claims(Stage.RUNNING));
    memory.ticker.moves(TIMEOUT);
    ticks(run);
    assertThat(memory.requests("/interrupt")).isZero();

    memory.ticker.moves(Duration.ofNanos(1));
    ticks(run);
    until(() -> memory.requests("/interrupt") > 0);
    assertThat(listener.calls).isEmpty();

    until(() -> {
      memory.ticker.moves(GRACE);
      ticks(run);
      return !listener.calls.isEmpty();
    });
    assertThat(listener.calls).containsExactly("stuck STUBBORN TIMED_OUT");
  }

  @Test
  void aRunOfWhichItsInstanceSaysNothingIsGivenUp() {
    memory.fails("/queue", 500);
    TaskRun run = begins(memory.claims(Stage.RUNNING));
    memory.ticker.moves(MemoryDispatch.SETTINGS.instances().giveUp());
    ticks(run);
    assertThat(listener.calls).isEmpty();

    memory.ticker.moves(Duration.ofNanos(1));
    ticks(run);
    assertThat(listener.calls).containsExactly("stuck LEFT LOST");
  }

  @Test
  void progressIsASignOfLife() {
    memory.fails("/queue", 500);
    TaskRun run = begins(memory.claims(Stage.RUNNING));
    memory.ticker.moves(MemoryDispatch.SETTINGS.instances().giveUp());

    memory.onLoop(() -> {
      run.onProgress();
      return Future.succeededFuture();
    });
    memory.ticker.moves(Duration.ofNanos(1));
    ticks(run);

    assertThat(listener.calls).isEmpty();
  }

  @Test
  void aTaskThatWasCancelledBeforeItIsSentIsNotSent() {
    Claim claim = memory.claims(Stage.CLAIMED);
    TaskRun run = new TaskRun(memory.context, listener, claim, new Permit("1", true));

    run.cancel();
    memory.onLoop(run::begin);

    assertThat(listener.calls).containsExactly("ended CANCELLED");
    assertThat(memory.prompts()).isZero();
  }

  @Test
  void aLostRunIsSentAgainAsTheNextAttempt() {
    begins(memory.claims(Stage.RUNNING));

    until(() -> !memory.attempts().isEmpty());

    assertThat(memory.attempts()).containsExactly(2);
    assertThat(listener.calls).isEmpty();
  }

  @Test
  void anUnreachableInstanceRequeuesTheTask() {
    begins(MemoryDispatch.at("http://127.0.0.1:1", memory.claims(Stage.CLAIMED)));

    assertThat(listener.calls).containsExactly("faulted UNREACHABLE");
  }

  /** Another node watches the task: it was this one's to send, or to change at its instance, until its lease ended. */
  @Test
  void aRunWhoseClaimWasLostIsAbandonedWithoutARequest() {
    begins(MemoryDispatch.outdated(memory.claims(Stage.CLAIMED)));

    assertThat(listener.calls).containsExactly("abandoned");
    assertThat(memory.asked()).isEmpty();
  }

  /** The instance runs the task, so it is the new owner's to stop. */
  @Test
  void aRunWhoseClaimWasLostIsAbandonedBeforeItIsStopped() {
    memory.runs(cat);
    TaskRun run = begins(MemoryDispatch.outdated(memory.claims(Stage.RUNNING)));
    assertThat(listener.calls).isEmpty();

    memory.onLoop(() -> {
      run.cancel();
      return Future.succeededFuture();
    });

    until(() -> !listener.calls.isEmpty());
    assertThat(listener.calls).containsExactly("abandoned");
    assertThat(memory.requests("/interrupt")).isZero();
  }

  /** The node was frozen for half a lease between its claim and the request. */
  @Test
  void aFrozenNodeSendsNothing() {
    Claim claim = memory.claims(Stage.CLAIMED);
    memory.ticker.movesAtEachReading(MemoryDispatch.SETTINGS.task().lease().dividedBy(2));

    begins(claim);

    assertThat(listener.calls).containsExactly("abandoned");
    assertThat(memory.prompts()).isZero();
  }

  private TaskRun begins(Claim claim) {
    TaskRun run = new TaskRun(memory.context, listener, claim, new Permit("1", true));
    memory.onLoop(run::begin);
    return run;
  }

  /** Ticks until a poll has begun and ended since, and once more, so that it is acted on; or until the run is over. */
  private void ticks(TaskRun run) {
    long before = memory.polls();
    until(() -> {
      tick(run);
      return memory.polls() > before + 1 || !listener.calls.isEmpty();
    });
    tick(run);
  }

  private void tick(TaskRun run) {
    memory.onLoop(() -> {
      run.tick();
      return Future.succeededFuture();
    });
  }

  /** What a run reports, in order. */
  private static final class Recorder implements TaskRun.Listener {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public Future<Boolean> ended(TaskRun run, Outcome outcome) {
      calls.add("ended " + outcome.state());
      return Future.succeededFuture(false);
    }

    @Override
    public Future<Void> faulted(TaskRun run, InstanceFault fault) {
      calls.add("faulted " + fault.kind());
      return Future.succeededFuture();
    }

    @Override
    public void requeued(TaskRun run) {
      calls.add("requeued");
    }

    @Override
    public void stuck(TaskRun run, StuckRun stuck) {
      calls.add("stuck " + stuck.why() + " " + stuck.outcome().state());
    }

    @Override
    public void abandoned(TaskRun run) {
      calls.add("abandoned");
    }
  }
}
