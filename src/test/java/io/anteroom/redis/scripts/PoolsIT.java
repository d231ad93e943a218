package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Submission;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.redis.RedisKeys;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which instances may run whose tasks, and how many. */
class PoolsIT extends QueueScenarios {
  @BeforeEach
  void oneSharedPoolAndOneOwnInstance() {
    lab.opens(10, room("a1", 2), room("a2", 1), room("b1", 1));
  }

  @Test
  void aPoolSpreadsItsTasksOverItsInstances() {
    List.of("alice", "anna", "amir", "ada").forEach(lab::submits);

    assertThat(lab.claimsAll()).extracting(Claim::instance).containsExactly("a1", "a2", "a1");
  }

  @Test
  void aFullPoolHoldsNobodyElseUp() {
    List.of("alice", "anna", "amir", "ada").forEach(lab::submits);
    lab.claimsAll();

    TaskId bobs = lab.submits("bob");

    assertThat(lab.claims().orElseThrow().id()).isEqualTo(bobs);
  }

  @Test
  void whileEveryInstanceIsOutItsUsersWaitUncountedAndAreToldWhy() {
    TaskId a = lab.submits("alice");
    TaskId b = lab.submits("bob");

    lab.goesDown("a1");
    assertThat(lab.position(a)).isEqualTo(1);
    lab.goesDown("a2");

    assertThat(lab.status(a).blocked()).isEqualTo("a1 does not answer");
    assertThat(List.of(lab.position(a), lab.position(b))).containsExactly(0, 1);
    assertThat(lab.claimsAll()).extracting(Claim::id).containsExactly(b);
  }

  @Test
  void aTaskSubmittedDuringAnOutageWaitsUncountedToo() {
    lab.goesDown("b1");

    TaskId id = lab.submits("bob");

    assertThat(lab.status(id).blocked()).isEqualTo("b1 does not answer");
    assertThat(lab.claims()).isEmpty();
  }

  @Test
  void whoComesBackStandsInTheRoundThatRunsNow() {
    TaskId bobs = lab.submits("bob");
    lab.goesDown("b1");
    for (int i = 0; i < 3; i++) {
      lab.submits("alice");
      lab.completes(lab.claims().orElseThrow());
    }
    TaskId alices = lab.submits("alice");

    lab.comesBack("b1");

    assertThat(lab.status(bobs).blocked()).isEmpty();
    assertThat(List.of(lab.position(bobs), lab.position(alices))).containsExactly(1, 2);
    assertThat(lab.redis.ask("ZSCORE", RedisKeys.ORDER.key(), "0000000000000001:" + bobs).toInteger()).isEqualTo(2);
  }

  @Test
  void anInstanceThatIsOutWithoutAReasonIsNamedAllTheSame() {
    TaskId id = lab.submits("bob");

    done(lab.queue.setInstanceState("b1", InstanceState.DOWN, ""));

    assertThat(lab.status(id).blocked()).isEqualTo("silent|b1|||");
  }

  @Test
  void aFencedInstanceStaysSoUntilItIsIdle() {
    lab.submits("bob");
    done(lab.queue.setInstanceState("b1", InstanceState.FENCED, "b1 does not stop"));

    lab.goesDown("b1");
    lab.comesBack("b1");

    assertThat(done(lab.queue.list("bob")).get(0).blocked()).isEqualTo("b1 does not stop");
    assertThat(lab.claims()).isEmpty();
    done(lab.queue.setInstanceState("b1", InstanceState.IDLE, ""));
    assertThat(lab.claims()).isPresent();
  }

  @Test
  void aFenceOutlivesTheConfiguration() {
    lab.submits("bob");
    done(lab.queue.setInstanceState("b1", InstanceState.FENCED, "b1 does not stop"));

    lab.configures(10, room("a1", 1));
    lab.configures(10, room("a1", 1), room("b1", 1));

    assertThat(lab.claims()).isEmpty();
  }

  @Test
  void anInstanceThatVanishedCountsAsOut() {
    TaskId id = lab.submits("bob");

    lab.configures(10, room("a1", 1));

    assertThat(lab.status(id).outage()).contains(InstanceOutage.of(InstanceOutage.Kind.MISSING, "b"));
    lab.configures(10, room("b1", 1));
    assertThat(lab.claims().orElseThrow().id()).isEqualTo(id);
  }

  @Test
  void aTaskOnAnInstanceThatVanishedStillEnds() {
    TaskId id = lab.submits("bob");
    Claim claim = lab.claims().orElseThrow();
    lab.configures(10, room("a1", 1));

    lab.completes(claim);

    assertThat(lab.status(id).state().isFinal()).isTrue();
    assertThat(lab.redis.ask("HLEN", RedisKeys.SLOTS.key()).toInteger()).isZero();
  }

  @Test
  void whatWaitsFollowsItsUserToAnotherPool() {
    TaskId first = lab.submits("bob");
    lab.goesDown("b1");

    done(lab.queue.submit(new Submission(TaskId.random(), "bob", "a", false, "", "{}", "")));

    Claim claim = lab.claims().orElseThrow();
    assertThat(claim.id()).isEqualTo(first);
    assertThat(claim.instance()).isEqualTo("a1");
  }

  @Test
  void moreSlotsAreUsedAtOnce() {
    lab.submits("bob");
    lab.submits("bert");
    lab.claimsAll();

    lab.configures(10, room("b1", 2));

    assertThat(lab.claimsAll()).hasSize(1);
  }

  @Test
  void aLimitSetAtRunTimeOutlivesARestartUntilTheSettingChanges() {
    lab.redis.ask("HSET", RedisKeys.LIMITS.key(), "limit", "1");

    lab.configures(10, room("a1", 2));
    assertThat(done(lab.queue.stats()).limit()).isEqualTo(1);

    lab.configures(7, room("a1", 2));
    assertThat(done(lab.queue.stats()).limit()).isEqualTo(7);
  }

  @Test
  void aRaisedLimitIsToldByTheNextReceipt() {
    lab.configures(0, room("a1", 2));
    assertThat(lab.submits("alice", TaskId.random(), false).startable()).isFalse();

    lab.configures(1, room("a1", 2));

    assertThat(lab.submits("anna", TaskId.random(), false).startable()).isTrue();
  }

  @Test
  void noCreditIsSavedUpWhileAPoolIsFull() {
    lab.opens(10, room("a1", 1), room("b1", 1));
    lab.submits("alice");
    TaskId anna = lab.submits("anna");
    lab.submits("anna");
    lab.claims();
    for (int i = 0; i < 3; i++) {
      lab.submits("bob");
      lab.completes(lab.claims().orElseThrow());
    }

    TaskId newcomers = lab.submits("bert");

    assertThat(lab.position(anna)).isEqualTo(1);
    assertThat(lab.position(newcomers)).isEqualTo(2);
  }
}
