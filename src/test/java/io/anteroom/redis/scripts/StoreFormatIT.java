package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.refusal;
import static io.anteroom.redis.QueueFixture.room;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.Submission;
import io.anteroom.redis.QueueFixture;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.redis.RedisKeys;
import io.anteroom.support.Payloads;
import io.anteroom.support.redis.TestRedis;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Data that another Anteroom has written: what is taken for ours, and what is left alone. */
class StoreFormatIT extends QueueScenarios {
  private static final QueueConfig LARGER =
    new QueueConfig(9, 1, 5, QueueFixture.LEASE, Duration.ofHours(24), List.of(room("a1", 1)));

  @BeforeEach
  void aTaskWaits() {
    lab.submits("alice");
  }

  @Test
  void dataFromBeforeTheFormatWasNotedAreOurs() {
    lab.redis.ask("HDEL", RedisKeys.LIMITS.key(), "format");

    assertThat(lab.claims()).isPresent();
    done(lab.queue.configure(LARGER));
    assertThat(noted("format")).isEqualTo(RedisKeys.FORMAT);
  }

  /** In format 1 a request held its secrets, and was deleted at the end. */
  @Test
  void dataInTheFormatBeforeAreTakenOverAndATaskOfThemEndsWithoutALeftover() {
    TaskId older = done(lab.queue.list("alice")).get(0).id();
    lab.redis.ask("HDEL", RedisKeys.TASK.of(older.value()), "apart");
    lab.redis.ask("HSET", RedisKeys.LIMITS.key(), "format", "1");

    Claim claim = lab.claims().orElseThrow();
    done(lab.queue.configure(LARGER));
    lab.completes(claim);

    assertThat(noted("format")).isEqualTo("3");
    assertThat(Payloads.text(done(lab.queue.open(claim)).body())).isEqualTo("body of alice");
    assertThat(done(lab.queue.listBodies("alice", List.of(older), 1 << 20))).isEmpty();
    assertThat(lab.redis.ask("KEYS", "*body:" + older).size()).isZero();
  }

  @Test
  void aNewerFormatIsRefusedWithWhatToDoAndLeftAsItIs() {
    isNewer(lab.redis);

    ApiException refusal = refusal(lab.queue.configure(LARGER));

    assertThat(refusal.english()).contains("format 4").contains("knows format 3").contains("redis.url");
    assertThat(refusal.chinese()).contains("格式为 4");
    assertThat(noted("limit")).isEqualTo("2");
  }

  @Test
  void aNodeThatMeetsANewerFormatTakesNothingAndStartsNothing() {
    isNewer(lab.redis);

    assertThat(lab.claims()).isEmpty();
    assertThat(refusal(lab.queue.submit(new Submission(TaskId.random(), "bob", "b", false, "", "{}", ""))).english())
      .contains("format 4");
    assertThat(done(lab.queue.stats()).waiting()).isEqualTo(1);
  }

  private static void isNewer(TestRedis redis) {
    redis.ask("HSET", RedisKeys.LIMITS.key(), "format", "4");
  }

  private static String noted(String field) {
    return lab.redis.ask("HGET", RedisKeys.LIMITS.key(), field).toString();
  }
}
