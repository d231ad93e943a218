package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Recovery;
import io.anteroom.queue.Recovery.Reading;
import io.anteroom.queue.Recovery.Reading.Found;
import io.anteroom.queue.Recovery.Reading.Place;
import io.anteroom.redis.QueueFixture;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.redis.RedisKeys;
import io.anteroom.support.Payloads;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Redis that came back learns of what was found at the instances. */
class ReconcileIT extends QueueScenarios {
  @BeforeEach
  void someRooms() {
    lab.opens(1, room("a1", 1), room("a2", 1), room("b1", 1));
  }

  @Test
  void aTaskThatIsBelievedWaitingButRunsIsProcessingAndAdoptedAtOnce() {
    TaskId id = lab.submits("alice");
    TaskId next = lab.submits("alice");
    lab.redisComesBack();

    Recovery.Result result =
      lab.learns(new Reading("a2", true, List.of(QueueFixture.found(id, Place.RUNNING, "alice", 2))));

    assertThat(result.again()).containsExactly(id);
    Claim adopted = done(lab.queue.adopt("other", 10)).get(0);
    assertThat(adopted).isEqualTo(new Claim(id, "alice", "a2", "", adopted.fence(), 2, 0, Claim.Stage.SUBMITTING,
      "tab of alice", adopted.request(), 0, false, false));
    assertThat(Payloads.text(done(lab.queue.open(adopted)).body())).isEqualTo("body of alice");
    assertThat(lab.claims()).isEmpty();
    assertThat(lab.completes(adopted).orElseThrow().id()).isEqualTo(next);
  }

  @Test
  void whatRunsCountsEvenAboveTheLimit() {
    TaskId one = lab.submits("alice");
    TaskId two = lab.submits("bob");
    TaskId waiting = lab.submits("anna");
    lab.redisComesBack();

    lab.learns(new Reading("a1", true, List.of(QueueFixture.found(one, Place.RUNNING, "alice", 1))),
      new Reading("a2", true, List.of()),
      new Reading("b1", true, List.of(QueueFixture.found(two, Place.PENDING, "bob", 1))));

    assertThat(done(lab.queue.stats()).processing()).isEqualTo(2);
    List<Claim> adopted = done(lab.queue.adopt("other", 10));
    assertThat(lab.completes(adopted.get(0))).isEmpty();
    assertThat(lab.completes(adopted.get(1)).orElseThrow().id()).isEqualTo(waiting);
  }

  @Test
  void aTaskThatIsBelievedWaitingButHasEndedEndsAsItsInstanceSaysAndIsNotRunAgain() {
    TaskId id = lab.submits("alice");
    lab.redisComesBack();

    lab.learns(new Reading("a1", true, List.of(QueueFixture.found(id, Place.ENDED, "alice", 1))));

    assertThat(lab.claims()).isEmpty();
    assertThat(done(lab.queue.adopt("other", 10))).extracting(Claim::id).containsExactly(id);
  }

  @Test
  void aTaskWhoseSubmitWasLostCountsAgainAndItsEndIsSeen() {
    TaskId id = TaskId.random();
    lab.submits("bob");
    lab.redisComesBack();

    lab.learns(new Reading("a1", true, List.of(QueueFixture.found(id, Place.RUNNING, "alice", 1))),
      new Reading("b1", true, List.of()));

    assertThat(lab.status(id).user()).isEqualTo("alice");
    assertThat(lab.claims()).isEmpty();
    Claim adopted = done(lab.queue.adopt("other", 10)).get(0);
    assertThat(adopted.isSendable()).isFalse();
    assertThat(lab.completes(adopted)).isPresent();
    assertThat(done(lab.queue.list("alice"))).singleElement()
      .satisfies(task -> assertThat(task.state()).isEqualTo(TaskState.COMPLETED));
  }

  @Test
  void aTaskOfNobodyKnownCountsAgainstTheLimitToo() {
    TaskId id = TaskId.random();
    lab.submits("bob");
    lab.redisComesBack();

    lab.learns(new Reading("a1", true, List.of(QueueFixture.found(id, Place.RUNNING, Found.UNKNOWN_USER, 1))),
      new Reading("b1", true, List.of()));

    assertThat(lab.claims()).isEmpty();
    assertThat(lab.completes(done(lab.queue.adopt("other", 10)).get(0))).isPresent();
  }

  @Test
  void whatLongEndedAndIsNotKnownIsLeftAlone() {
    lab.redisComesBack();

    Recovery.Result result =
      lab.learns(new Reading("a1", true, List.of(QueueFixture.found(TaskId.random(), Place.ENDED, "alice", 1))));

    assertThat(result).isEqualTo(new Recovery.Result(true, List.of(), Map.of()));
    assertThat(done(lab.queue.stats()).processing()).isZero();
  }

  @Test
  void aStaleDoubleThatWaitsIsToBeTakenOut() {
    TaskId id = lab.submits("alice");
    lab.completes(lab.claims().orElseThrow());
    TaskId running = lab.submits("bob");
    lab.redisComesBack();

    Recovery.Result result = lab.learns(
      new Reading("a2", true, List.of(QueueFixture.found(id, Place.PENDING, "alice", 1),
        QueueFixture.found(running, Place.PENDING, "bob", 1))),
      new Reading("b1", true, List.of(QueueFixture.found(running, Place.RUNNING, "bob", 1))));

    assertThat(result.doubles()).isEqualTo(Map.of("a2", List.of(id, running)));
    assertThat(result.again()).containsExactly(running);
    assertThat(lab.status(running).instance()).isEqualTo("b1");
    assertThat(lab.status(id).state()).isEqualTo(TaskState.COMPLETED);
  }

  @Test
  void aTaskThatRunsElsewhereThanBelievedIsWatchedThere() {
    TaskId id = lab.submits("alice");
    Claim before = lab.claims().orElseThrow();
    lab.redisComesBack();

    lab.learns(new Reading("a2", true, List.of(QueueFixture.found(id, Place.RUNNING, "alice", 1))));

    assertThat(before.instance()).isEqualTo("a1");
    assertThat(done(lab.queue.renew(List.of(before))).lost()).containsExactly(id);
    assertThat(done(lab.queue.adopt("other", 10)).get(0).instance()).isEqualTo("a2");
    assertThat(lab.redis.ask("HGETALL", RedisKeys.SLOTS.key()).get("a2").toString()).isEqualTo("1");
    assertThat(lab.redis.ask("HEXISTS", RedisKeys.SLOTS.key(), "a1").toInteger()).isZero();
  }

  @Test
  void aTaskWhereItBelongsStaysItsOwnersAndIsNeverTakenForUnsent() {
    TaskId id = lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();
    lab.redisComesBack();

    Recovery.Result result =
      lab.learns(new Reading("a1", true, List.of(QueueFixture.found(id, Place.RUNNING, "alice", 1))));

    assertThat(result.again()).isEmpty();
    assertThat(done(lab.queue.renew(List.of(claim))).lost()).isEmpty();
    done(lab.queue.handOver(List.of(claim)));
    assertThat(done(lab.queue.adopt("other", 1)).get(0).stage()).isEqualTo(Claim.Stage.SUBMITTING);
  }
}
