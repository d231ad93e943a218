package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.queue.TaskQueue.News;
import io.anteroom.redis.AuditedScenarios;
import io.anteroom.redis.RedisKeys;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for an instance that stays out, or is watched at one that stays silent, ends in the end. */
class GiveUpIT extends AuditedScenarios {
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  @BeforeEach
  void twoPools() {
    lab.opens(10, room("a1", 1), room("b1", 1));
  }

  @Test
  void aTaskThatWaitedForAnInstanceForTooLongFailsAndSaysWhy() {
    TaskId id = lab.submits("bob");
    TaskId others = lab.submits("alice");
    lab.goesDown("b1");
    hasBeenOut("bob");
    hasWaited(id);
    hasWaited(others);

    assertThat(gaveUp()).extracting(TaskStatus::id).containsExactly(id);

    TaskStatus status = lab.status(id);
    assertThat(status.state()).isEqualTo(TaskState.FAILED);
    assertThat(status.error().orElseThrow().type()).isEqualTo("instance_gave_up");
    assertThat(status.error().orElseThrow().message())
      .contains("b1 does not answer", "instance.give_up", "Run it again");
    assertThat(lab.status(others).position()).isEqualTo(1);
    assertThat(gaveUp()).isEmpty();
  }

  @Test
  void aTaskWaitsThatLongItselfHoweverLongTheInstanceHasBeenOut() {
    lab.submits("bob");
    lab.goesDown("b1");
    hasBeenOut("bob");

    assertThat(gaveUp()).isEmpty();
  }

  @Test
  void aTaskThatWaitsItsTurnForLongIsKeptWhenItsInstanceHasJustGone() {
    TaskId id = lab.submits("bob");
    hasWaited(id);
    lab.goesDown("b1");

    assertThat(gaveUp()).isEmpty();
    lab.comesBack("b1");
    assertThat(lab.claims()).isPresent();
  }

  @Test
  void thatAnInstanceWasOutIsForgottenWhenItIsUp() {
    TaskId id = lab.submits("bob");
    hasWaited(id);
    lab.goesDown("b1");
    hasBeenOut("bob");
    lab.comesBack("b1");
    lab.goesDown("b1");

    assertThat(gaveUp()).isEmpty();
  }

  @Test
  void aTaskOfAnInstanceThatVanishedFailsTooInTheEnd() {
    TaskId id = lab.submits("bob");
    lab.configures(10, room("a1", 1));
    hasBeenOut("bob");
    hasWaited(id);

    assertThat(gaveUp()).extracting(TaskStatus::id).containsExactly(id);
  }

  @Test
  void aRunAtASilentInstanceSaysSoAndIsLostInTheEndAndItsPlaceIsFree() {
    TaskId id = lab.submits("bob");
    Claim claim = lab.claims().orElseThrow();
    done(lab.queue.markAccepted(claim));
    lab.goesDown("b1");
    assertThat(lab.status(id).blocked()).isEqualTo("b1 does not answer");
    assertThat(gaveUp()).isEmpty();
    hasBeenSilent("b1");

    assertThat(gaveUp()).extracting(TaskStatus::id).containsExactly(id);

    assertThat(lab.status(id).state()).isEqualTo(TaskState.LOST);
    assertThat(lab.status(id).error().orElseThrow().message()).contains("b1", "instance.give_up");
    assertThat(done(lab.queue.stats()).processing()).isZero();
    assertThat(lab.redis.ask("HLEN", RedisKeys.SLOTS.key()).toInteger()).isZero();
  }

  @Test
  void anInstanceThatWasGivenUpGetsNothingUntilItIsIdle() {
    lab.submits("bob");
    Claim claim = lab.claims().orElseThrow();
    TaskId next = lab.submits("bob");
    lab.goesDown("b1");
    hasBeenSilent("b1");
    gaveUp();

    lab.comesBack("b1");
    assertThat(lab.status(next).outage()).get().extracting("kind", "instance")
      .containsExactly(InstanceOutage.Kind.LEFT, "b1");
    assertThat(lab.claims()).isEmpty();
    assertThat(done(lab.queue.beginSubmit(claim))).as("whoever watched it").isFalse();
    assertThat(done(lab.queue.finish(claim, Outcome.completed("{}"), false)).stands()).isFalse();
    done(lab.queue.setInstanceState("b1", InstanceState.IDLE, ""));
    assertThat(lab.claims().orElseThrow().id()).isEqualTo(next);
  }

  @Test
  void aRunAtAnInstanceThatAnswersAgainIsWatchedOn() {
    TaskId id = lab.submits("bob");
    lab.claims();
    lab.goesDown("b1");
    hasBeenSilent("b1");
    lab.comesBack("b1");

    assertThat(gaveUp()).isEmpty();
    assertThat(lab.status(id).blocked()).isEmpty();
  }

  @Test
  void aRunThatTellsItsProgressIsNotHeldUpAndNotGivenUpThoughItsInstanceHasNoTimeToAnswer() {
    TaskId id = lab.submits("bob");
    lab.claims();
    TaskId next = lab.submits("bob");
    lab.goesDown("b1");
    hasBeenSilent("b1");

    assertThat(done(lab.queue.setInstanceState("b1", InstanceState.HEARD, ""))).isEqualTo(News.KNOWN);

    assertThat(lab.status(id).blocked()).isEmpty();
    assertThat(gaveUp()).isEmpty();
    assertThat(lab.status(next).blocked()).isEqualTo("b1 does not answer");
    lab.goesDown("b1");
    assertThat(lab.status(id).blocked()).as("silent again").isEqualTo("b1 does not answer");
  }

  private static List<TaskStatus> gaveUp() {
    return done(lab.queue.giveUp(PATIENCE));
  }

  private static void hasBeenOut(String user) {
    longAgo(RedisKeys.USER.of(user), "out");
  }

  private static void hasWaited(TaskId id) {
    longAgo(RedisKeys.TASK.of(id.value()), "submitted");
  }

  private static void hasBeenSilent(String instance) {
    longAgo(RedisKeys.INSTANCE.of(instance), "silent");
  }

  private static void longAgo(String key, String field) {
    lab.redis.ask("HINCRBY", key, field, String.valueOf(-PATIENCE.toMillis()));
  }
}
