package io.anteroom.redis;

import static io.anteroom.redis.QueueFixture.refusal;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.Submission;
import io.anteroom.redis.embedded.EmbeddedRedis;
import io.anteroom.support.FreePorts;
import io.anteroom.support.redis.TestRedis;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the queue says while Redis is away, and that it needs no help when Redis is back. */
class RedisTransportIT {
  private final Path directory = TestRedis.freshDirectory();
  private final int port = FreePorts.next();
  private final Vertx vertx = Vertx.vertx();
  private EmbeddedRedis redis = new EmbeddedRedis(directory, port);
  private RedisTaskQueue queue;

  @BeforeEach
  void start() {
    redis.start();
    queue = new RedisTaskQueue(vertx, redis.access());
    done(queue.configure(new QueueConfig(1, 1, 5, QueueFixture.LEASE, Duration.ofHours(1), List.of())));
  }

  @AfterEach
  void stop() {
    done(queue.close());
    done(vertx.close());
    redis.stop();
  }

  @Test
  void aTaskIsThereAfterRedisWasKilledAndTheQueueComesBackByItself() {
    TaskId id = submit();
    ProcessHandle.of(redis.pid()).orElseThrow().destroyForcibly();
    redis.stop();

    ApiException refusal = refusal(queue.status(id));
    assertThat(refusal.code()).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);
    assertThat(refusal.english()).contains("Nothing was lost");
    assertThat(refusal.chinese()).contains("没有丢失");
    assertThat(done(queue.reachable())).isFalse();
    redis = new EmbeddedRedis(directory, port);
    redis.start();

    await().atMost(Duration.ofSeconds(60)).until(() -> done(queue.reachable()));
    assertThat(done(queue.status(id))).isPresent();
  }

  @Test
  void aFrozenRedisIsGivenUpInTimeAndFoundAgainWhenItThaws() throws IOException, InterruptedException {
    TaskId id = submit();
    signal("-STOP");

    assertThat(refusal(queue.status(id)).code()).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);
    signal("-CONT");

    await().atMost(Duration.ofSeconds(60)).until(() -> done(queue.reachable()));
    assertThat(done(queue.status(id))).isPresent();
  }

  @Test
  void scriptsThatRedisForgotAreSentAgain() {
    TaskId id = submit();
    RedisTransport link = new RedisTransport(vertx, redis.access(), RedisTransport.TIMEOUT);
    done(link.send(Request.cmd(Command.SCRIPT).arg("FLUSH")));
    done(link.close());

    assertThat(done(queue.status(id))).isPresent();
  }

  @Test
  void aClosedQueueRefuses() {
    done(queue.close());

    assertThat(refusal(queue.claim("node")).code()).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);
  }

  private TaskId submit() {
    return done(queue.submit(new Submission(TaskId.random(), "alice", "a", false, "", "{}", ""))).status().id();
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, Long.toString(redis.pid())).start().waitFor();
  }
}
