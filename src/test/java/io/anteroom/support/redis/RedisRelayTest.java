package io.anteroom.support.redis;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.refused;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.support.Tasks;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The relay passes everything, and breaks what it is told to break and nothing else. */
class RedisRelayTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestRedis redis = TestRedis.start();
  private final RedisRelay relay = RedisRelay.to(redis.access());
  private final RedisTaskQueue queue = new RedisTaskQueue(vertx, relay.access());
  private final TaskId task = TaskId.random();

  @BeforeEach
  void openTheLab() {
    done(queue.configure(Tasks.lab(1, "alice")));
  }

  @AfterEach
  void close() {
    done(queue.close());
    relay.close();
    done(vertx.close());
    redis.close();
  }

  @Test
  void aLostAnswerIsOfWhatTookEffect() {
    done(queue.submit(Tasks.task(task, "alice")));
    relay.loseAnswers("cancel", 1);

    assertThat(refused(queue.cancel(task, "alice"))).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);

    awaitLine();
    assertThat(done(queue.status(task)).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
    assertThat(relay.lost()).isEqualTo(1);
  }

  @Test
  void anAnswerIsCutInTheMiddle() {
    done(queue.submit(Tasks.task(task, "alice")));
    relay.cutAnswers("cancel", 1);

    assertThat(refused(queue.cancel(task, "alice"))).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);

    awaitLine();
    assertThat(done(queue.status(task)).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void anotherVerbPasses() {
    relay.loseAnswers("claim", 1);

    done(queue.submit(Tasks.task(task, "alice")));

    assertThat(relay.lost()).isZero();
  }

  @Test
  void whoIsAwayComesBack() {
    relay.away();
    assertThat(done(queue.reachable())).isFalse();

    relay.back();

    awaitLine();
  }

  @Test
  void whatIsHeldArrivesLater() {
    relay.hold("submit");
    Future<?> held = queue.submit(Tasks.task(task, "alice"));
    until(relay::holds);
    assertThat(held.isComplete()).isFalse();

    relay.release();

    done(held);
  }

  @Test
  void aRequestThatIsDelayedArrives() {
    relay.delay(Duration.ofMillis(50));

    long before = System.nanoTime();
    done(queue.submit(Tasks.task(task, "alice")));

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
  }

  private void awaitLine() {
    until(() -> done(queue.reachable()));
  }
}
