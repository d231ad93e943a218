package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.Recovery;
import io.anteroom.queue.Recovery.Reading;
import io.anteroom.queue.Recovery.Reading.Place;
import io.anteroom.redis.QueueFixture;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.redis.RedisKeys;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Redis that came back: what it does before the instances were read, and who reads them. */
class StoreRecoveryIT extends QueueScenarios {
  private static final Outcome DONE = Outcome.completed("{\"9\":{}}");

  @BeforeEach
  void someRooms() {
    lab.opens(1, room("a1", 1), room("a2", 1), room("b1", 1));
  }

  @Test
  void nothingIsClaimedByAnotherRedisThanTheOneForWhichTheInstancesWereRead() {
    TaskId id = lab.submits("alice");
    lab.redisComesBack();

    assertThat(lab.claims()).isEmpty();
    assertThat(done(lab.queue.generation())).isEmpty();

    lab.redis.isRecovered(lab.queue);
    assertThat(lab.claims().orElseThrow().id()).isEqualTo(id);
  }

  @Test
  void aRedisThatWasEmptiedWhileItRanIsAnotherOne() {
    String before = done(lab.queue.generation()).orElseThrow();

    lab.opens(1, room("a1", 1));

    assertThat(done(lab.queue.generation()).orElseThrow()).isNotEqualTo(before);
    assertThat(done(lab.queue.generation())).isEqualTo(done(lab.queue.generation()));
  }

  @Test
  void aFreedPlaceStaysFreeUntilTheInstancesWereRead() {
    lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();
    lab.submits("alice");
    lab.redisComesBack();

    assertThat(lab.completes(claim)).isEmpty();
    assertThat(lab.status(claim.id()).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void oneNodeIsAskedToReadUntilItHasTold() {
    lab.redisComesBack();

    Recovery first = done(lab.queue.nextRecovery("one"));

    assertThat(first.over()).isFalse();
    assertThat(first.unread()).containsExactlyInAnyOrder("a1", "a2", "b1");
    assertThat(done(lab.queue.nextRecovery("two")).unread()).isEmpty();
    assertThat(done(lab.queue.nextRecovery("one")).unread()).hasSize(3);
  }

  @Test
  void anotherNodeIsAskedWhenTheFirstHasDied() {
    lab.redisComesBack();
    done(lab.queue.nextRecovery("one"));
    lab.redis.ask("PEXPIRE", RedisKeys.READER.key(), "0");

    assertThat(done(lab.queue.nextRecovery("two")).unread()).hasSize(3);
  }

  @Test
  void readingsForAnEarlierLifeOfTheStoreCountForNothing() {
    Recovery before = done(lab.queue.nextRecovery("one"));
    lab.redisComesBack();

    assertThat(done(lab.queue.recover("0".repeat(40), List.of())).counted()).isFalse();
    assertThat(done(lab.queue.nextRecovery("one")).over()).isFalse();
    assertThat(before.over()).isTrue();
  }

  @Test
  void anEmptyStoreThatDoesNotKnowTheInstancesIsNotHeldAgainstThem() {
    lab.redis.flush();

    String generation = done(lab.queue.nextRecovery("one")).generation();
    assertThat(done(lab.queue.recover(generation, List.of())).counted()).isFalse();
  }

  @Test
  void anInstanceThatDidNotAnswerGetsNoTaskUntilItWasRead() {
    TaskId id = lab.submits("bob");
    lab.redisComesBack();
    lab.learns(new Reading("a1", true, List.of()), new Reading("a2", true, List.of()), Reading.silent("b1"));

    assertThat(lab.claims()).isEmpty();
    assertThat(lab.status(id).outage()).contains(InstanceOutage.of(InstanceOutage.Kind.UNREAD, "b1"));
    lab.comesBack("b1");
    assertThat(lab.claims()).isEmpty();
    assertThat(done(lab.queue.nextRecovery("one")).unread()).containsExactly("b1");

    lab.learns(new Reading("b1", true, List.of()));
    assertThat(lab.claims().orElseThrow().id()).isEqualTo(id);
    assertThat(done(lab.queue.nextRecovery("one")).unread()).isEmpty();
  }

  @Test
  void aReadingThatComesLateChangesNothing() {
    TaskId id = lab.submits("alice");
    lab.redisComesBack();
    String life = done(lab.queue.nextRecovery("slow")).generation();
    Reading slow = new Reading("a1", true, List.of(QueueFixture.found(id, Place.RUNNING, "alice", 1)));
    lab.redis.ask("DEL", RedisKeys.READER.key());
    lab.redis.isRecovered(lab.queue);

    assertThat(done(lab.queue.recover(life, List.of(slow))).again()).isEmpty();
    assertThat(lab.status(id).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void theSameReadingsAgainChangeNothing() {
    TaskId id = lab.submits("alice");
    lab.redisComesBack();
    Reading reading = new Reading("a1", true, List.of(QueueFixture.found(id, Place.RUNNING, "alice", 1)));
    lab.learns(reading);
    Claim adopted = done(lab.queue.adopt("other", 1)).get(0);

    lab.learns(reading);

    assertThat(done(lab.queue.renew(List.of(adopted))).lost()).isEmpty();
    assertThat(done(lab.queue.stats()).processing()).isEqualTo(1);
  }

  @Test
  void anEndIsTakenOfAClaimThatTheStoreHasLost() {
    TaskId id = lab.submits("alice");
    Claim lost = lab.claims().orElseThrow();
    forgetsTheClaim(lost);

    done(lab.queue.finish(lost, DONE, false));

    assertThat(lab.status(id).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(lab.claims()).isEmpty();
  }

  @Test
  void anEndIsNotTakenOfAClaimThatWasGivenUp() {
    TaskId id = lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();
    lab.requeues(claim);

    done(lab.queue.finish(claim, DONE, false));

    assertThat(lab.status(id).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void nothingIsAdoptedInTheFirstLeaseAfterAFailoverButWhatWasHandedOver() {
    lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();
    lab.redis.ask("ZADD", RedisKeys.PROCESSING.key(), "1", claim.id().value());
    lab.redis.ask("HSET", RedisKeys.LIMITS.key(), "recovered", "1");
    lab.redisComesBack();
    assertThat(done(lab.queue.adopt("other", 10))).isEmpty();

    lab.redis.isRecovered(lab.queue);

    assertThat(done(lab.queue.adopt("other", 10))).isEmpty();
  }

  @Test
  void acknowledgedTasksThatAreNotKnownAnyMoreEndAsLostOnce() {
    TaskId known = lab.submits("alice");
    TaskId lost = TaskId.random();
    Map<TaskId, String> acknowledged = Map.of(known, "alice", lost, "alice");
    lab.redisComesBack();
    assertThat(done(lab.queue.markLost(acknowledged))).isEmpty();
    lab.redis.isRecovered(lab.queue);

    assertThat(done(lab.queue.markLost(acknowledged))).containsExactly(lost);

    assertThat(done(lab.queue.markLost(acknowledged))).isEmpty();
    assertThat(lab.status(known).state()).isEqualTo(TaskState.QUEUED);
    assertThat(lab.status(lost).state()).isEqualTo(TaskState.LOST);
    assertThat(lab.status(lost).error().orElseThrow().message()).contains("submit it again").contains("重新提交");
    assertThat(done(lab.queue.list("alice"))).hasSize(2);
  }

  /** As a replica would have it that did not hear of the claim. */
  private static void forgetsTheClaim(Claim claim) {
    lab.requeues(claim);
    lab.redis.ask("HDEL", RedisKeys.TASK.of(claim.id().value()), "given_up");
  }
}
