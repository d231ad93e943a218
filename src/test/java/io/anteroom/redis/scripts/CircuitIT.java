package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.InstanceFault;
import io.anteroom.queue.InstanceFault.Kind;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.TaskQueue.AfterFault;
import io.anteroom.queue.TaskQueue.Condition;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.queue.TaskQueue.News;
import io.anteroom.queue.TaskQueue.Retry;
import io.anteroom.redis.AuditedScenarios;
import io.anteroom.redis.QueueFixture;
import io.anteroom.redis.RedisKeys;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An instance whose faults keep tasks from running gets none for a while, and the tasks lose nothing by it. */
class CircuitIT extends AuditedScenarios {
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
    assertThat(done(lab.queue.stats())).extracting("processing", "instancesOut").containsExactly(0, 1);
  }

  @Test
  void anAnswerDoesNotCloseTheCircuitBeforeThePauseIsOver() {
    lab.submits("bob");
    set("faults", 9);
    set("faulted", now());
    opensCircuit();

    assertThat(done(lab.queue.setInstanceState("b1", InstanceState.IDLE, ""))).isEqualTo(News.NOT_YET);
    assertThat(lab.claims()).isEmpty();
    lab.passes("b1", MINUTE);
    assertThat(done(lab.queue.setInstanceState("b1", InstanceState.IDLE, ""))).isEqualTo(News.NOT_YET);
    lab.passes("b1", 9 * MINUTE / 2);
    assertThat(done(lab.queue.setInstanceState("b1", InstanceState.IDLE, ""))).isEqualTo(News.CHANGED);
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

  /** However often an instance restarts: where no task came to harm, its first answer puts it back into service. */
  @Test
  void thatAnInstanceIsNotReachedIsHeldAgainstNeitherTheTaskNorTheInstance() {
    TaskId id = lab.submits("bob");
    for (int restart = 0; restart < 5; restart++) {
      Claim claim = lab.claims().orElseThrow();
      assertThat(claim.attempt()).isEqualTo(1);
      assertThat(lab.faults(claim, Kind.UNREACHABLE)).isFalse();
      assertThat(lab.status(id).blocked()).isEqualTo("b1 is ill");

      assertThat(done(lab.queue.setInstanceState("b1", InstanceState.UP, ""))).isEqualTo(News.CHANGED);

      assertThat(condition()).extracting("state", "faults").containsExactly("up", 0);
    }
  }

  @Test
  void aFirstLostRunGoesOnInItsPlaceAndTheInstanceComesBackOnTrialAndSaysSo() {
    lab.submits("bob");
    Claim claim = lab.claims().orElseThrow();
    TaskId others = lab.submits("bert");

    assertThat(loses(claim)).isEqualTo(Retry.IN_PLACE);
    lab.goesDown("b1");
    lab.comesBack("b1");

    assertThat(lab.claims()).as("one at a time").isEmpty();
    InstanceOutage trial = lab.status(others).outage().orElseThrow();
    assertThat(trial.kind()).isEqualTo(InstanceOutage.Kind.TRIAL);
    assertThat(trial.since()).isPresent();
    assertThat(lab.position(others)).isEqualTo(1);
    assertThat(done(lab.queue.stats()).instancesOut()).isZero();
    assertThat(lab.completes(claim).orElseThrow().id()).isEqualTo(others);
    assertThat(condition()).extracting("state", "faults").containsExactly("up", 0);
    assertThat(lab.status(others).blocked()).isEmpty();
  }

  @Test
  void aSecondLostRunInARowWaitsAtTheHeadOfItsListAndKeepsItsAttempts() {
    TaskId id = lab.submits("bob");
    Claim claim = lab.claims().orElseThrow();
    lab.submits("bob");
    loses(claim);

    assertThat(loses(claim.nextAttempt())).isEqualTo(Retry.WAITS);

    assertThat(loses(claim.nextAttempt())).as("its answer was lost").isEqualTo(Retry.NOT_OURS);
    assertThat(lab.status(id).state()).isEqualTo(TaskState.QUEUED);
    assertThat(lab.status(id).outage().orElseThrow().kind()).isEqualTo(InstanceOutage.Kind.LOSING);
    lab.passes("b1", 1_000);
    lab.comesBack("b1");
    Claim again = lab.claims().orElseThrow();
    assertThat(again.id()).isEqualTo(id);
    assertThat(List.of(again.attempt(), again.unspent())).containsExactly(3, 0);
  }

  @Test
  void inAPoolTheLostTaskGoesToAnotherInstance() {
    lab.opens(10, room("b1", 1), room("b2", 1));
    lab.submits("bob");
    Claim claim = lab.claims().orElseThrow();
    loses(claim);
    loses(claim.nextAttempt());

    assertThat(lab.claims().orElseThrow().instance()).isNotEqualTo(claim.instance());
  }

  /** A crash harms all that run there; it is one fault. */
  @Test
  void allThatOneCrashHarmsIsOneFault() throws InterruptedException {
    lab.opens(10, room("b1", 3));
    List.of("bob", "bert", "ben").forEach(lab::submits);
    List<Claim> claims = lab.claimsAll();
    Thread.sleep(2);

    claims.forEach(claim -> assertThat(loses(claim)).isEqualTo(Retry.IN_PLACE));

    assertThat(condition()).extracting("state", "faults").containsExactly("up", 1);
  }

  @Test
  void thePauseDoublesWithEachTaskThatCameToHarmUpToTheLongest() {
    lab.configures(new QueueConfig(10, 1, 50, QueueFixture.LEASE, Duration.ofHours(1), Duration.ofSeconds(6),
      List.of(room("b1", 2))));
    lab.submits("bob");
    lab.faults(lab.claims().orElseThrow(), Kind.REFUSED);

    for (int seconds : new int[] {1, 2, 4, 6, 6}) {
      assertThat(lab.faults(lab.claims().orElseThrow(), Kind.REFUSED)).isTrue();
      InstanceOutage ill = condition().outage().orElseThrow();
      assertThat(Duration.between(ill.since().orElseThrow(), ill.until().orElseThrow())).hasSeconds(seconds);
      lab.passes("b1", seconds * 1_000);
      assertThat(done(lab.queue.setInstanceState("b1", InstanceState.UP, ""))).isEqualTo(News.CHANGED);
    }
  }

  @Test
  void oneThatAnswersDuringItsPauseSaysSoAndUntilWhen() {
    TaskId id = lab.submits("bob");
    opensCircuit();
    lab.goesDown("b1");
    assertThat(lab.status(id).blocked()).isEqualTo("b1 does not answer");

    assertThat(done(lab.queue.setInstanceState("b1", InstanceState.UP, ""))).isEqualTo(News.NOT_YET);

    InstanceOutage paused = lab.status(id).outage().orElseThrow();
    assertThat(paused.kind()).isEqualTo(InstanceOutage.Kind.PAUSED);
    assertThat(paused.until().orElseThrow()).isAfter(paused.since().orElseThrow());
    assertThat(condition().outage()).contains(paused);
  }

  /** What its custom nodes do to the instance is nobody else's fault, and is not to be tried for ever. */
  @Test
  void aWorkflowThatIsRefusedWhileOthersRunFailsAndHarmsNobody() {
    TaskId bad = lab.submits("bob");
    List<AfterFault> after = new ArrayList<>();
    for (int turn = 0; turn < 20 && !lab.status(bad).state().isFinal(); turn++) {
      if (done(lab.queue.list("ben", 0)).isEmpty()) {
        lab.submits("ben");
      }
      Claim claim = lab.claims().orElseThrow();
      if (claim.id().equals(bad)) {
        after.add(done(lab.queue.fault(claim,
          new InstanceFault(Kind.REFUSED, InstanceOutage.of(InstanceOutage.Kind.FAILING, "b1", "500").stored()), 3)));
      } else {
        done(lab.queue.finish(claim, Outcome.completed("{}"), false));
      }
      assertThat(condition().faults()).isLessThan(2);
    }

    assertThat(after).containsExactly(AfterFault.WAITS, AfterFault.WAITS, AfterFault.WAITS, AfterFault.FAILED);
    assertThat(lab.status(bad).state()).isEqualTo(TaskState.FAILED);
    assertThat(lab.status(bad).error().orElseThrow().message()).contains("while it runs others", "500");
    assertThat(lab.status(bad).attempts()).as("runs").isZero();
  }

  @Test
  void aTaskThatEndsAsLostIsAFaultToo() {
    List.of("bob", "bob").forEach(lab::submits);
    Outcome lost = Outcome.of(TaskState.LOST, new TaskError("lost", "forgotten"));

    done(lab.queue.finish(lab.claims().orElseThrow(), lost, false));
    assertThat(condition()).extracting("state", "faults").containsExactly("up", 1);
    done(lab.queue.finish(lab.claims().orElseThrow(), lost, false));

    assertThat(condition()).extracting("state", "faults").containsExactly("ill", 2);
  }

  @Test
  void anotherReasonForTheSameOutageIsTold() {
    TaskId id = lab.submits("bob");
    tells(InstanceOutage.of(InstanceOutage.Kind.SILENT, "b1"));

    assertThat(tells(InstanceOutage.of(InstanceOutage.Kind.SILENT, "b1"))).isEqualTo(News.KNOWN);
    assertThat(tells(InstanceOutage.of(InstanceOutage.Kind.FOREIGN, "b1", "302"))).isEqualTo(News.CHANGED);

    assertThat(lab.status(id).outage().orElseThrow()).extracting("kind", "detail")
      .containsExactly(InstanceOutage.Kind.FOREIGN, "302");
  }

  private static News tells(InstanceOutage outage) {
    return done(lab.queue.setInstanceState("b1", InstanceState.DOWN, outage.stored()));
  }

  private static Retry loses(Claim claim) {
    return done(lab.queue.reattempt(claim, InstanceOutage.of(InstanceOutage.Kind.LOSING, claim.instance()).stored()));
  }

  private static Condition condition() {
    return done(lab.queue.conditions()).get(0);
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
