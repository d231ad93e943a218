package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.queue.Claim;
import io.anteroom.queue.TaskQueue.Retry;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.redis.RedisKeys;
import io.anteroom.task.TaskState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may watch a task when its owner is gone; a lease that ends frees nothing. */
class LeaseIT extends QueueScenarios {
  @Test
  void whatIsHandedOverIsAdoptedAtOnceAndItsPlaceStaysTaken() {
    lab.submits("alice");
    lab.submits("bob");
    lab.submits("carol");
    List<Claim> claims = lab.claimsAll();
    done(lab.queue.markAccepted(claims.get(0)));

    done(lab.queue.handOver(List.of(claims.get(0))));
    List<Claim> adopted = done(lab.queue.adopt("other node", 10));

    assertThat(adopted).singleElement().satisfies(claim -> {
      assertThat(claim.id()).isEqualTo(claims.get(0).id());
      assertThat(claim.stage()).isEqualTo(Claim.Stage.RUNNING);
      assertThat(claim.fence()).isGreaterThan(claims.get(1).fence());
    });
    assertThat(lab.claims()).isEmpty();
  }

  @Test
  void anOlderFenceChangesNothing() {
    lab.submits("alice");
    Claim old = lab.claims().orElseThrow();
    done(lab.queue.handOver(List.of(old)));
    done(lab.queue.adopt("other node", 10));

    assertThat(done(lab.queue.beginSubmit(old))).isFalse();
    assertThat(done(lab.queue.markAccepted(old))).isFalse();
    assertThat(done(lab.queue.reattempt(old, "lost"))).isEqualTo(Retry.NOT_OURS);
    lab.requeues(old);
    assertThat(lab.status(old.id()).state()).isEqualTo(TaskState.PROCESSING);
    assertThat(done(lab.queue.renew(List.of(old))).lost()).containsExactly(old.id());
    assertThat(lab.completes(old)).isEmpty();
    done(lab.queue.handOver(List.of(old)));
    assertThat(done(lab.queue.adopt("third node", 10))).isEmpty();
    assertThat(lab.status(old.id()).state()).isEqualTo(TaskState.PROCESSING);
  }

  @Test
  void anEndedLeaseIsAdoptedOnceRedisHasBeenUpForALease() {
    lab.opens(2, room("a1", 1));
    lab.redis.ask("HSET", RedisKeys.LIMITS.key(), "lease_ms", "1000");
    lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();

    List<Claim> adopted = await().atMost(Duration.ofSeconds(60))
      .until(() -> done(lab.queue.adopt("other node", 10)), claims -> !claims.isEmpty());

    assertThat(adopted).extracting(Claim::id).containsExactly(claim.id());
  }

  @Test
  void nothingIsAdoptedWhileRedisIsYoungerThanALease() {
    lab.redis.ask("HSET", RedisKeys.LIMITS.key(), "lease_ms", "86400000");
    lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();
    lab.redis.ask("ZADD", RedisKeys.PROCESSING.key(), "1", claim.id().value());

    assertThat(done(lab.queue.adopt("other node", 10))).isEmpty();
    assertThat(done(lab.queue.renew(List.of(claim))).lost()).isEmpty();
  }

  @Test
  void aRenewedLeaseIsNotAdopted() {
    lab.submits("alice");
    Claim claim = lab.claims().orElseThrow();
    done(lab.queue.handOver(List.of(claim)));

    done(lab.queue.renew(List.of(claim)));

    assertThat(done(lab.queue.adopt("other node", 10))).isEmpty();
  }
}
