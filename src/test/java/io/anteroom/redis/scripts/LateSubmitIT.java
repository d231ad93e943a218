package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.refusal;
import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.queue.Submission.Receipt;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.support.Tasks;
import io.anteroom.support.redis.RedisRelay;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is answered as failed is not stored, and never will be, however late it reaches Redis. */
class LateSubmitIT extends QueueScenarios {
  private final TaskId task = TaskId.random();
  private RedisRelay relay;
  private RedisTaskQueue queue;

  @BeforeEach
  void connect() {
    relay = RedisRelay.to(lab.redis.access());
    queue = new RedisTaskQueue(lab.vertx, relay.access());
    until(() -> done(queue.reachable()));
  }

  @AfterEach
  void wakeUp() {
    lab.redis.thaw();
    done(queue.close());
    relay.close();
  }

  @Test
  void afterItsTimeNothingIsStored() {
    Instant past = done(queue.time()).minusMillis(1);

    ApiException refusal = refusal(queue.submit(Tasks.task(task, "alice"), past));

    assertThat(refusal.code()).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);
    assertThat(refusal.english()).contains("not stored and will not run");
    assertThat(done(lab.queue.status(task))).isEmpty();
  }

  /** It waits in Redis' socket, and Redis reads it when it wakes up. */
  @Test
  void whatAFrozenRedisFindsWhenItWakesUpIsNotStored() {
    Instant soon = done(queue.time()).plusSeconds(1);
    lab.redis.freeze();
    Future<Receipt> submitted = queue.submit(Tasks.task(task, "alice"), soon);

    assertThat(refusal(submitted).code()).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);
    lab.redis.thaw();

    until(() -> done(lab.queue.reachable()));
    assertThat(done(lab.queue.status(task))).isEmpty();
  }

  @Test
  void ofAFrozenRedisItIsFoundOutWhatBecameOfATask() {
    Instant later = done(queue.time()).plusSeconds(60);
    lab.redis.freeze();
    Future<Receipt> submitted = queue.submit(Tasks.task(task, "alice"), later);
    await().during(Duration.ofMillis(2_500)).until(() -> !submitted.isComplete());

    lab.redis.thaw();

    assertThat(done(submitted).status().id()).isEqualTo(task);
    assertThat(done(lab.queue.list("alice"))).hasSize(1);
  }

  @Test
  void anAnswerThatGotLostIsAskedForAgain() {
    relay.loseAnswers("submit", 2);

    assertThat(done(queue.submit(Tasks.task(task, "alice"))).status().id()).isEqualTo(task);

    assertThat(relay.lost()).isEqualTo(2);
    assertThat(done(lab.queue.list("alice"))).hasSize(1);
  }

  @Test
  void whatCannotEvenBeSentIsRefusedAtOnce() {
    relay.away();
    until(() -> !done(queue.reachable()));
    Instant later = Instant.now().plusSeconds(60);

    Future<Receipt> submitted = queue.submit(Tasks.task(task, "alice"), later);

    assertThat(refusal(submitted).code()).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);
    relay.back();
    until(() -> done(queue.reachable()));
    assertThat(done(lab.queue.status(task))).isEmpty();
  }
}
