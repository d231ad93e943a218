package io.anteroom.node;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.client.Student.Answer;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import io.anteroom.task.TaskId;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node whose bounds are all other ones than the defaults: each is seen to act. */
class BoundsIT {
  private final TestCluster lab = TestCluster.of(2)
    .with("ANTEROOM_HTTP_BODY_MEMORY", "3MB").with("ANTEROOM_LIMIT_USER_BYTES", "1MB")
    .with("ANTEROOM_LIMIT_BYTES", "2MB").with("ANTEROOM_LIMIT_USER_RUNS_PER_SECOND", "1")
    .with("ANTEROOM_LIMIT_USER_CHANGES_PER_SECOND", "4")
    .with("ANTEROOM_REDIS_ENCRYPTION_SECRET", "0123456789abcdef-0123");

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void everyBoundThatIsSetIsInForce() throws Exception {
    NodeProcess node = lab.node().awaitReady();
    Student first = new Student("s1");
    Student second = new Student("s2");
    first.run(node, Workflows.lasting(9_999));
    second.run(node, Workflows.lasting(9_999));

    assertThat(post(node, first, 3_200_000).body()).contains("too_large", String.valueOf(3 << 20));
    assertThat(post(node, first, 1_200_000).status()).isEqualTo(200);
    assertThat(post(node, first, 1_200_000).body()).contains("too_much_waiting", "limit.user_bytes");
    assertThat(post(node, second, 1_200_000).status()).isEqualTo(200);
    assertThat(post(node, second, 500_000).body()).contains("limit.");

    assertThat(refusedOf(160, () -> post(node, first, 10).body().contains("more than 1 requests"))).isPositive();
    assertThat(refusedOf(300, () -> first.post(node.url() + "/u/s1/api/interrupt", "{}").body()
      .contains("more than 4 requests"))).isPositive();
  }

  private static Answer post(NodeProcess node, Student student, int length) {
    JsonObject body = new JsonObject().put("prompt", Workflows.lasting(0.1)).put("picture", picture(length));
    return student.post(node.url() + "/u/" + student.name() + "/prompt", body.encode());
  }

  private static String picture(int length) {
    return new Random(7).ints(length, 0, 64).collect(StringBuilder::new,
      (text, value) -> text.append((char) ('0' + value)), StringBuilder::append).toString().replace('\\', '_');
  }

  /** How many of so many at once say so. */
  private static int refusedOf(int times, Callable<Boolean> says) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    AtomicInteger refused = new AtomicInteger();
    threads.invokeAll(IntStream.range(0, times).mapToObj(time -> (Callable<Void>) () -> {
      refused.addAndGet(says.call() ? 1 : 0);
      return null;
    }).toList());
    threads.shutdownNow();
    return refused.get();
  }

  /** The password of Redis does not open what was stored. */
  @Test
  void workflowsAreEncryptedWithTheSecretThatIsSet() {
    NodeProcess node = lab.node().awaitReady();
    String task = new Student("s1").run(node, Workflows.lasting(9_999)).taskId();
    Vertx vertx = Vertx.vertx();
    RedisTaskQueue byPassword = lab.redis().queue(vertx);
    RedisTaskQueue bySecret =
      new RedisTaskQueue(vertx, lab.redis().access().with(Optional.of("0123456789abcdef-0123")));

    assertThat(done(byPassword.listBodies("s1", List.of(new TaskId(task)), 1 << 20))).isEmpty();
    assertThat(done(bySecret.listBodies("s1", List.of(new TaskId(task)), 1 << 20))).hasSize(1);
    done(vertx.close());
  }

  @Test
  void theEmbeddedRedisAndItsDiskAreBounded() throws IOException {
    NodeProcess node = lab.embedded().with("ANTEROOM_REDIS_MAX_MEMORY", "48MB").with("ANTEROOM_LIMIT_BYTES", "40MB")
      .with("ANTEROOM_DATA_MIN_FREE", "90000GB").node().awaitReady();

    JsonObject disk = new Student("the test").get(node.adminUrl() + "/health/ready").json().getJsonObject("checks")
      .getJsonObject("disk");
    assertThat(disk.getBoolean("ok")).isTrue();
    assertThat(disk.getString("why")).contains("data.min_free");
    assertThat(Files.readString(node.log())).containsOnlyOnce("Disk space is low");
    assertThat(Files.readString(lab.data().resolve("redis/redis.conf"))).contains("maxmemory " + (48 << 20));
  }
}
