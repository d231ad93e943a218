package io.anteroom.queue.redis;

import static io.anteroom.queue.redis.Lab.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Fault.Kind;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.queue.TaskQueue.News;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An instance whose faults keep tasks from running gets none for a while, and the tasks lose nothing by it. */
class RedisCircuitIT extends AuditedScenarios {
  private static final int MINUTE = 60_000;

  @BeforeEach
  void oneInstanceWithTwoSlots() {
    lab.opens(10, room("b1", 2));
  }

  @Test
  void aFirstFaultMayBeChanceAndTheTaskIsNextAgain() {
    TaskId first = lab.submits("bob");
    TaskId second = lab.submits("bob");

    assertThat(lab.faults(lab.claims().orElseThrow(), Kind.REFUSED)).isFalse();

    assertThat(List.of(lab.position(first), lab.position(second))).containsExactly(1, 2);
    Claim again = lab.claims().orElseThrow();
    assertThat(again.id()).isEqualTo(first);
    assertThat(List.of(again.attempt(), again.unspent())).containsExactly(2, 1);
  }

  @Test
  void aSecondFaultInARowTakesTheInstanceOutAndItsUsersReadWhy() {
    TaskId id = lab.submits("bob");
    TaskId others = lab.submits("bert");

    assertThat(opensCircuit()).isTrue();

    assertThat(lab.status(id).blocked()).isEqualTo("b1 is ill");
    assertThat(lab.status(others).blocked()).isEqualTo("b1 is ill");
    assertThat(lab.claims()).isEmpty();
    assertThat(done(lab.queue.figures())).extracting("processing", "instancesOut").containsExactly(0, 1);
  }

  @Test
  void anAnswerDoesNotCloseTheCircuitBeforeThePauseIsOver() {
    lab.submits("bob");
    set("faults", 9);
    set("faulted", now());
    opensCircuit();

    assertThat(done(lab.queue.mark("b1", InstanceState.IDLE, ""))).isEqualTo(News.NOT_YET);
    assertThat(lab.claims()).isEmpty();
    lab.passes("b1", MINUTE);
    assertThat(done(lab.queue.mark("b1", InstanceState.IDLE, ""))).isEqualTo(News.NOT_YET);
    lab.passes("b1", 9 * MINUTE / 2);
    assertThat(done(lab.queue.mark("b1", InstanceState.IDLE, ""))).isEqualTo(News.CHANGED);
    assertThat(lab.claims()).isPresent();
  }

  /** One task that its instance cannot take must not use up every trial. */
  @Test
  void theNextTryIsAnotherUsers() {
    TaskId bobs = lab.submits("bob");
    TaskId berts = lab.submits("bert");
    Claim first = lab.claims().orElseThrow();
    assertThat(first.id()).isEqualTo(bobs);

    lab.faults(first, Kind.REFUSED);

    assertThat(lab.claimsAll()).extracting(Claim::id).containsExactly(berts, bobs);
  }

  @Test
  void whoeverHasAnInstanceAloneLosesNoPlaceByItsFaults() {
    lab.opens(10, room("a1", 1), room("b1", 1));
    TaskId bobs = lab.submits("bob");
    Claim claim = lab.claims().orElseThrow();
    TaskId alices = lab.submits("alice");

    lab.faults(claim, Kind.REFUSED);

    assertThat(List.of(lab.position(bobs), lab.position(alices))).containsExactly(1, 2);
  }

  @Test
  void aStandstillIsProofEnoughAndAnUnreachableInstanceIsDownAtOnce() {
    lab.opens(10, room("a1", 1), room("b1", 1));
    TaskId alices = lab.submits("alice");
    TaskId bobs = lab.submits("bob");
    List<Claim> claims = lab.claimsAll();

    assertThat(lab.faults(claims.get(0), Kind.STALLED)).isTrue();
    assertThat(lab.faults(claims.get(1), Kind.UNREACHABLE)).isFalse();

    assertThat(lab.status(alices).blocked()).isNotEmpty();
    assertThat(lab.status(bobs).blocked()).isNotEmpty();
    assertThat(lab.status(bobs).attempts()).as("nothing was sent").isZero();
    lab.comesBack("b1");
    assertThat(lab.claims().orElseThrow().id()).isEqualTo(bobs);
  }

  @Test
  void faultsOfLongAgoDoNotCount() {
    TaskId id = lab.submits("bob");
    lab.faults(lab.claims().orElseThrow(), Kind.REFUSED);
    lab.passes("b1", 20 * MINUTE);

    assertThat(lab.faults(lab.claims().orElseThrow(), Kind.REFUSED)).isFalse();

    assertThat(lab.status(id).blocked()).isEmpty();
  }

  @Test
  void aFaultToldTwiceCountsOnce() {
    TaskId id = lab.submits("bob");
    Claim claim = lab.claims().orElseThrow();
    lab.faults(claim, Kind.REFUSED);

    assertThat(lab.faults(claim, Kind.REFUSED)).isFalse();

    assertThat(lab.status(id).blocked()).isEmpty();
    assertThat(lab.claims().orElseThrow().unspent()).isEqualTo(1);
  }

  @Test
  void aCancelledTaskThatCouldNotRunEnds() {
    TaskId id = lab.submits("bob");
    Claim claim = lab.claims().orElseThrow();
    done(lab.queue.cancel(id, "bob"));

    lab.faults(claim, Kind.REFUSED);

    assertThat(lab.status(id).state()).isEqualTo(TaskState.CANCELLED);
    assertThat(lab.claims()).isEmpty();
  }

  /** Two faults in a row; whether the second one did it. */
  private static boolean opensCircuit() {
    lab.faults(lab.claims().orElseThrow(), Kind.REFUSED);
    return lab.claims().map(claim -> lab.faults(claim, Kind.REFUSED)).orElse(true);
  }

  private static void set(String field, long value) {
    lab.redis.ask("HSET", RedisKeys.INSTANCE.of("b1"), field, String.valueOf(value));
  }

  private static long now() {
    return lab.redis.ask("TIME").get(0).toLong() * 1000;
  }
}
