package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.InstanceFault.Kind;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.queue.TaskQueue.News;
import io.anteroom.redis.AuditedScenarios;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After the pause for its faults an instance gets one task at a time, and all again after a good run. */
class TrialSlotIT extends AuditedScenarios {
  private static final int MINUTE = 60_000;

  @BeforeEach
  void oneInstanceWithTwoSlots() {
    lab.opens(10, room("b1", 2));
  }

  @Test
  void onTrialTheInstanceGetsOneTaskWhoeverAsks() {
    lab.submits("bob");
    lab.submits("bert");
    goesOnTrial();

    assertThat(lab.claimsAll()).hasSize(1);
    assertThat(done(lab.queue.claim("another node"))).isEmpty();
    assertThat(done(lab.queue.setInstanceState("b1", InstanceState.UP, ""))).isEqualTo(News.KNOWN);
    assertThat(lab.claims()).isEmpty();
  }

  @Test
  void aRunThatCameToItsEndClosesTheCircuit() {
    lab.submits("bob");
    lab.submits("bert");
    lab.submits("ben");
    goesOnTrial();
    Claim trial = lab.claims().orElseThrow();

    done(lab.queue.finish(trial, Outcome.completed("{}"), false));

    assertThat(lab.claimsAll()).hasSize(2);
    assertThat(done(lab.queue.stats()).instancesOut()).isZero();
  }

  @Test
  void aTaskThatTheInstanceWouldNotHaveProvesNothing() {
    lab.submits("bob");
    lab.submits("bert");
    lab.submits("ben");
    goesOnTrial();
    Claim trial = lab.claims().orElseThrow();

    done(lab.queue.finish(trial, Outcome.of(TaskState.FAILED, new TaskError("rejected", "no such node")), false));

    assertThat(lab.claimsAll()).hasSize(1);
  }

  @Test
  void aFaultOnTrialTakesItOutAgain() {
    TaskId id = lab.submits("bob");
    goesOnTrial();

    assertThat(lab.faults(lab.claims().orElseThrow(), Kind.REFUSED)).isTrue();

    assertThat(lab.status(id).blocked()).isEqualTo("b1 is ill");
    assertThat(lab.status(id).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void anInstanceThatIsFencedOffAfterFaultsIsOnTrialWhenItIsIdle() {
    lab.submits("bob");
    lab.submits("bert");
    breaks();
    done(lab.queue.setInstanceState("b1", InstanceState.FENCED, "b1 does not stop"));
    lab.passes("b1", MINUTE);

    assertThat(done(lab.queue.setInstanceState("b1", InstanceState.UP, ""))).isEqualTo(News.NOT_YET);
    assertThat(done(lab.queue.setInstanceState("b1", InstanceState.IDLE, ""))).isEqualTo(News.CHANGED);
    assertThat(lab.claimsAll()).hasSize(1);
  }

  /** Two faults in a row. */
  private static void breaks() {
    lab.faults(lab.claims().orElseThrow(), Kind.REFUSED);
    lab.faults(lab.claims().orElseThrow(), Kind.REFUSED);
  }

  private static void goesOnTrial() {
    breaks();
    lab.passes("b1", MINUTE);
    lab.comesBack("b1");
  }
}
