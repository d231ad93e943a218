package io.anteroom.queue.redis;

import static io.anteroom.queue.redis.Lab.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Fault;
import io.anteroom.queue.Fault.Kind;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.queue.TaskQueue.News;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An instance whose faults keep tasks from running gets none for a while, then one, and all after a good run. */
class RedisCircuitIT {
  private static final int MINUTE = 60_000;
  private static Lab lab;

  @BeforeAll
  static void open() {
    lab = new Lab();
  }

  @AfterAll
  static void close() {
    lab.close();
  }

  @BeforeEach
  void oneInstanceWithTwoSlots() {
    lab.opens(10, room("b1", 2));
  }

  @Test
  void aFirstFaultMayBeChanceAndTheTaskIsNextAgain() {
    TaskId first = lab.submits("bob");
    TaskId second = lab.submits("bob");

    assertThat(faults(lab.claims().orElseThrow(), Kind.REFUSED)).isFalse();

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
    passes(MINUTE);
    assertThat(done(lab.queue.mark("b1", InstanceState.IDLE, ""))).isEqualTo(News.NOT_YET);
    passes(9 * MINUTE / 2);
    assertThat(done(lab.queue.mark("b1", InstanceState.IDLE, ""))).isEqualTo(News.CHANGED);
    assertThat(lab.claims()).isPresent();
  }

  @Test
  void onTrialTheInstanceGetsOneTaskWhoeverAsks() {
    lab.submits("bob");
    lab.submits("bert");
    goesOnTrial();

    assertThat(lab.claimsAll()).hasSize(1);
    assertThat(done(lab.queue.claim("another node"))).isEmpty();
    assertThat(done(lab.queue.mark("b1", InstanceState.UP, ""))).isEqualTo(News.KNOWN);
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
    assertThat(done(lab.queue.figures()).instancesOut()).isZero();
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

    assertThat(faults(lab.claims().orElseThrow(), Kind.REFUSED)).isTrue();

    assertThat(lab.status(id).blocked()).isEqualTo("b1 is ill");
    assertThat(lab.status(id).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void aStandstillIsProofEnoughAndAnUnreachableInstanceIsDownAtOnce() {
    lab.opens(10, room("a1", 1), room("b1", 1));
    TaskId alices = lab.submits("alice");
    TaskId bobs = lab.submits("bob");
    List<Claim> claims = lab.claimsAll();

    assertThat(faults(claims.get(0), Kind.STALLED)).isTrue();
    assertThat(faults(claims.get(1), Kind.UNREACHABLE)).isFalse();

    assertThat(lab.status(alices).blocked()).isNotEmpty();
    assertThat(lab.status(bobs).blocked()).isNotEmpty();
    assertThat(lab.status(bobs).attempts()).as("nothing was sent").isZero();
    lab.comesBack("b1");
    assertThat(lab.claims().orElseThrow().id()).isEqualTo(bobs);
  }

  @Test
  void faultsOfLongAgoDoNotCount() {
    TaskId id = lab.submits("bob");
    faults(lab.claims().orElseThrow(), Kind.REFUSED);
    passes(20 * MINUTE);

    assertThat(faults(lab.claims().orElseThrow(), Kind.REFUSED)).isFalse();

    assertThat(lab.status(id).blocked()).isEmpty();
  }

  @Test
  void aFaultToldTwiceCountsOnce() {
    TaskId id = lab.submits("bob");
    Claim claim = lab.claims().orElseThrow();
    faults(claim, Kind.REFUSED);

    assertThat(faults(claim, Kind.REFUSED)).isFalse();

    assertThat(lab.status(id).blocked()).isEmpty();
    assertThat(lab.claims().orElseThrow().unspent()).isEqualTo(1);
  }

  @Test
  void aCancelledTaskThatCouldNotRunEnds() {
    TaskId id = lab.submits("bob");
    Claim claim = lab.claims().orElseThrow();
    done(lab.queue.cancel(id, "bob"));

    faults(claim, Kind.REFUSED);

    assertThat(lab.status(id).state()).isEqualTo(TaskState.CANCELLED);
    assertThat(lab.claims()).isEmpty();
  }

  @Test
  void anInstanceThatIsFencedOffAfterFaultsIsOnTrialWhenItIsIdle() {
    lab.submits("bob");
    lab.submits("bert");
    opensCircuit();
    done(lab.queue.mark("b1", InstanceState.FENCED, "b1 does not stop"));
    passes(MINUTE);

    assertThat(done(lab.queue.mark("b1", InstanceState.UP, ""))).isEqualTo(News.NOT_YET);
    assertThat(done(lab.queue.mark("b1", InstanceState.IDLE, ""))).isEqualTo(News.CHANGED);
    assertThat(lab.claimsAll()).hasSize(1);
  }

  /** Two faults in a row; whether the second one did it. */
  private static boolean opensCircuit() {
    faults(lab.claims().orElseThrow(), Kind.REFUSED);
    return lab.claims().map(claim -> faults(claim, Kind.REFUSED)).orElse(true);
  }

  private static void goesOnTrial() {
    opensCircuit();
    passes(MINUTE);
    lab.comesBack("b1");
  }

  private static boolean faults(Claim claim, Kind kind) {
    return done(lab.queue.fault(claim, new Fault(kind, claim.instance() + " is ill")));
  }

  /** So much time since the last fault. */
  private static void passes(int millis) {
    lab.redis.ask("HINCRBY", RedisKeys.INSTANCE.of("b1"), "faulted", "-" + millis);
  }

  private static void set(String field, long value) {
    lab.redis.ask("HSET", RedisKeys.INSTANCE.of("b1"), field, String.valueOf(value));
  }

  private static long now() {
    return lab.redis.ask("TIME").get(0).toLong() * 1000;
  }
}
