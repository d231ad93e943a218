package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.redis.RedisKeys;
import io.anteroom.task.TaskId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an owner leaves behind when it is gone, and what it has without knowing. */
class OwnersIT extends QueueScenarios {
  private static final String SURVIVOR = "node-2/its-life";

  @BeforeEach
  void threeStudents() {
    lab.opens(3, room("a1", 1), room("b1", 1), room("c1", 1));
    List.of("alice", "bob", "carol").forEach(lab::submits);
  }

  @Test
  void theTasksOfAnOwnerWhoIsGoneAreAdoptedAtOnceAndNobodyElses() {
    Claim left = claimedBy("node-1/first-life");
    claimedBy("node-3/first-life");

    assertThat(done(lab.queue.expireLeases("node-1/first-life", SURVIVOR))).isEqualTo(1);

    assertThat(adopted()).containsExactly(left.id());
  }

  /** A node that was started again is not the one that it was, and not the one whose name begins like its own. */
  @Test
  void aNewLifeInheritsOfItsFormerOnesOnly() {
    Claim own = claimedBy("node-1/second-life");
    Claim left = claimedBy("node-1/first-life");
    claimedBy("node-10/first-life");

    done(lab.queue.expireLeases("node-1/", "node-1/second-life"));

    assertThat(adopted()).containsExactly(left.id());
    assertThat(done(lab.queue.beginSubmit(own))).isTrue();
  }

  /** Another survivor of the same death, or a second word of it, takes nothing from who has adopted. */
  @Test
  void whoseTasksWereAdoptedIsOrphanedInVain() {
    claimedBy("node-1/first-life");
    done(lab.queue.expireLeases("node-1/first-life", SURVIVOR));
    adopted();

    assertThat(done(lab.queue.expireLeases("node-1/first-life", "node-3/first-life"))).isZero();
  }

  @Test
  void whoLivesAfterAllKeepsWhatNobodyHasAdopted() {
    Claim claim = claimedBy("node-1/first-life");
    done(lab.queue.expireLeases("node-1/first-life", SURVIVOR));

    assertThat(done(lab.queue.renew(List.of(claim))).lost()).isEmpty();

    assertThat(adopted()).isEmpty();
  }

  @Test
  void whatIsOrphanedIsAdoptedAlsoWhileRedisIsYoungerThanALease() {
    lab.redis.ask("HSET", RedisKeys.LIMITS.key(), "lease_ms", "86400000");
    Claim left = claimedBy("node-1/first-life");

    done(lab.queue.expireLeases("node-1/first-life", SURVIVOR));

    assertThat(adopted()).containsExactly(left.id());
  }

  @Test
  void anOwnerIsGivenWhatItDoesNotKnowOf() {
    Claim known = claimedBy(SURVIVOR);
    Claim unheard = claimedBy(SURVIVOR);
    claimedBy("node-1/first-life");

    List<Claim> given = done(lab.queue.recoverClaims(SURVIVOR, List.of(known.id())));

    assertThat(given).singleElement().satisfies(claim -> {
      assertThat(claim.id()).isEqualTo(unheard.id());
      assertThat(claim.request().parts()).isEqualTo(unheard.request().parts());
      assertThat(claim.fence()).isGreaterThan(unheard.fence());
    });
    assertThat(done(lab.queue.beginSubmit(unheard))).isFalse();
    assertThat(done(lab.queue.beginSubmit(known))).isTrue();
  }

  private Claim claimedBy(String owner) {
    return done(lab.queue.claim(owner)).orElseThrow();
  }

  private List<TaskId> adopted() {
    return done(lab.queue.adopt(SURVIVOR, 10)).stream().map(Claim::id).toList();
  }
}
