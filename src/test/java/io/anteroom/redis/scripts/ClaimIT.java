package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.TaskQueue.Ending;
import io.anteroom.queue.TaskQueue.Retry;
import io.anteroom.redis.QueueFixture;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.support.Payloads;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The life of a claim: one place, one fence, one end. */
class ClaimIT extends QueueScenarios {
  private static final Outcome DONE = Outcome.completed("{\"9\":{}}");

  @Test
  void aClaimHasEverythingThatItTakesToRun() {
    TaskId id = lab.submits("alice");

    Claim claim = lab.claims().orElseThrow();

    assertThat(claim).isEqualTo(new Claim(id, "alice", "a1", "", claim.fence(), 1, 0, Claim.Stage.CLAIMED,
      "tab of alice", claim.request(), 0, false, false));
    assertThat(Payloads.text(done(lab.queue.open(claim)).body())).isEqualTo("body of alice");
    assertThat(claim.fence()).isGreaterThan(1_700_000_000_000_000L);
    assertThat(lab.status(id).state()).isEqualTo(TaskState.PROCESSING);
    assertThat(lab.status(id).position()).isZero();
    assertThat(lab.status(id).instance()).isEqualTo("a1");
  }

  @Test
  void neverMoreThanTheLimit() {
    lab.submits("alice");
    lab.submits("bob");
    lab.submits("carol");

    assertThat(lab.claimsAll()).hasSize(2);
  }

  @Test
  void neverTwoOfOneUserAtOnce() {
    lab.opens(2, room("a1", 2));
    lab.submits("alice");
    lab.submits("alice");

    assertThat(lab.claimsAll()).hasSize(1);
  }

  @Test
  void neverMoreThanTheSlotsOfAnInstance() {
    lab.submits("alice");
    lab.submits("anna");

    assertThat(lab.claimsAll()).hasSize(1);
  }

  @Test
  void aFinishTakesTheNextInTheSameStep() {
    lab.submits("alice");
    TaskId next = lab.submits("alice");

    Claim claim = done(lab.queue.finish(lab.claims().orElseThrow(), DONE, true)).next().orElseThrow();

    assertThat(claim.id()).isEqualTo(next);
    assertThat(claim.fence()).isPositive();
  }

  @Test
  void aFinishThatWantsNoMoreTakesNone() {
    TaskId done = lab.submits("alice");
    lab.submits("alice");

    Ending ending = done(lab.queue.finish(lab.claims().orElseThrow(), DONE, false));

    assertThat(ending).isEqualTo(new Ending(true, false, Optional.empty()));
    assertThat(lab.status(done).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(lab.status(done).outputs()).isEqualTo("{\"9\":{}}");
    assertThat(done(lab.queue.stats()).processing()).isZero();
  }

  @Test
  void aFinishRepeatedEndsOnceAndMayStillTakeTheNext() {
    lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();
    done(lab.queue.finish(claim, DONE, false));
    TaskId next = lab.submits("alice");

    assertThat(done(lab.queue.finish(claim, DONE, false)).stands()).as("its answer was lost").isTrue();
    Ending other = done(lab.queue.finish(claim, Outcome.of(TaskState.FAILED, new TaskError("x", "y")), true));

    assertThat(other.stands()).isFalse();
    assertThat(other.next().orElseThrow().id()).isEqualTo(next);
    assertThat(lab.status(claim.id()).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(done(lab.queue.stats()).processing()).isEqualTo(1);
  }

  @Test
  void theTimeOfARunCountsFromItsAcceptanceOnce() {
    TaskId id = lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();

    assertThat(done(lab.queue.beginSubmit(claim))).isTrue();
    assertThat(done(lab.queue.markAccepted(claim))).isTrue();
    Instant started = lab.status(id).times().started().orElseThrow();
    done(lab.queue.markAccepted(claim));

    assertThat(lab.status(id).times().started()).contains(started);
  }

  @Test
  void theTimeOfARunThatWaitedAtItsInstanceCountsFromItsBeginningOnceForEachAttempt() {
    TaskId id = lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();
    for (Claim attempt : List.of(claim, claim.nextAttempt())) {
      done(lab.queue.markAccepted(attempt));
      lab.beganLongAgo(id);

      assertThat(done(lab.queue.began(attempt))).isTrue();
      assertThat(lab.status(id).times().started().orElseThrow()).isAfter(QueueFixture.LONG_AGO);

      lab.beganLongAgo(id);
      assertThat(done(lab.queue.began(attempt))).as("repeated").isTrue();
      assertThat(lab.status(id).times().started()).contains(QueueFixture.LONG_AGO);
      done(lab.queue.reattempt(attempt, "lost"));
    }
    assertThat(done(lab.queue.began(claim))).as("by one whose task waits again").isFalse();
  }

  @Test
  void aRequeuedTaskIsNextOfItsUserAndWasNoAttempt() {
    TaskId first = lab.submits("alice");
    TaskId second = lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();

    lab.requeues(claim);

    assertThat(lab.status(first).attempts()).isZero();
    assertThat(List.of(lab.position(first), lab.position(second))).containsExactly(1, 2);
    lab.requeues(claim);
    assertThat(lab.status(first).attempts()).as("a repeated call").isZero();
    assertThat(List.of(lab.position(first), lab.position(second))).containsExactly(1, 2);
    Claim next = lab.claims().orElseThrow();
    assertThat(next.id()).isEqualTo(first);
    assertThat(next.fence()).isGreaterThan(claim.fence());
  }

  @Test
  void aReattemptKeepsThePlaceAndStartsTheTimeAnew() {
    TaskId id = lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();
    done(lab.queue.markAccepted(claim));

    assertThat(done(lab.queue.reattempt(claim, "lost"))).isEqualTo(Retry.IN_PLACE);

    assertThat(lab.status(id).attempts()).isEqualTo(2);
    assertThat(lab.status(id).times().started()).isEmpty();
    assertThat(done(lab.queue.stats()).processing()).isEqualTo(1);
  }

  @Test
  void aReattemptRepeatedLateChangesNothing() {
    TaskId id = lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();
    done(lab.queue.reattempt(claim, "lost"));
    done(lab.queue.markAccepted(claim));

    assertThat(done(lab.queue.reattempt(claim, "lost"))).isEqualTo(Retry.IN_PLACE);

    assertThat(lab.status(id).attempts()).isEqualTo(2);
    assertThat(lab.status(id).times().started()).isPresent();
  }

  @Test
  void aCancelledRunIsToldToItsOwner() {
    TaskId id = lab.submits("alice");
    lab.submits("bob");
    List<Claim> claims = lab.claimsAll();

    assertThat(done(lab.queue.cancel(id, "alice")).task().state()).isEqualTo(TaskState.PROCESSING);

    assertThat(done(lab.queue.renew(claims)).cancelled()).containsExactly(id);
    assertThat(done(lab.queue.renew(claims)).lost()).isEmpty();
  }

  @Test
  void aCancelledTaskThatIsRequeuedEnds() {
    TaskId id = lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();
    done(lab.queue.cancel(id, "alice"));

    lab.requeues(claim);

    assertThat(lab.status(id).state()).isEqualTo(TaskState.CANCELLED);
    assertThat(lab.claims()).isEmpty();
  }
}
