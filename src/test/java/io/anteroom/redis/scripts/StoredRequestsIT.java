package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.refusal;
import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.Settings.Bounds;
import io.anteroom.queue.Claim;
import io.anteroom.queue.Payload;
import io.anteroom.queue.Submission;
import io.anteroom.queue.Submission.Rejectable;
import io.anteroom.queue.TaskQueue.RunRequest;
import io.anteroom.queue.UnreadableRequestException;
import io.anteroom.redis.QueueFixture;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.redis.RedisKeys;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.support.Payloads;
import io.anteroom.support.redis.RedisRelay;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the requests of tasks are written, bounded and read: whole or not at all, and for no other eyes. */
class StoredRequestsIT extends QueueScenarios {
  private static final int MEGABYTE = 1 << 20;
  private static final String SECRETS = "},\"api_key\":\"a-secret\"}}";

  private final Random random = new Random(11);

  @ParameterizedTest
  @ValueSource(ints = {1, 50_000, Payload.PART, Payload.PART + 1, 5 * MEGABYTE})
  void whatIsStoredIsReadLetterForLetter(int length) {
    String text = noise(length);
    submits("alice", text, SECRETS);

    Claim claim = lab.claims().orElseThrow();
    RunRequest request = done(lab.queue.open(claim));

    assertThat(Payloads.text(request.body())).isEqualTo(text);
    assertThat(request.body().length()).isEqualTo(length);
    assertThat(request.secrets()).isEqualTo(SECRETS);
    assertThat(claim.request().ready().isPresent()).as("comes with the claim").isEqualTo(length <= Payload.PART);
    assertThat(staged()).isZero();
  }

  @Test
  void whoAdoptsATaskIsNotSentItsRequest() {
    TaskId id = submits("alice", "the rest", SECRETS);
    Claim claim = lab.claims().orElseThrow();
    done(lab.queue.handOver(List.of(claim)));

    Claim adopted = done(lab.queue.adopt("other", 10)).get(0);

    assertThat(adopted.id()).isEqualTo(id);
    assertThat(adopted.isSendable()).isTrue();
    assertThat(adopted.request().ready()).isEmpty();
    assertThat(Payloads.sent(lab.queue, adopted)).contains("the rest", "a-secret");
  }

  @Test
  void anAnswerThatGotLostOnTheWayOfALargeOneChangesNothing() {
    RedisRelay relay = RedisRelay.to(lab.redis.access());
    RedisTaskQueue queue = new RedisTaskQueue(lab.vertx, relay.access());
    until(() -> done(queue.reachable()));
    String text = noise(2 * MEGABYTE);
    relay.loseAnswers("stage", 2);

    done(queue.submit(submission("alice", text, "")));

    assertThat(relay.lost()).isEqualTo(2);
    assertThat(Payloads.text(done(lab.queue.open(lab.claims().orElseThrow())).body())).isEqualTo(text);
    done(queue.close());
    relay.close();
  }

  @Test
  void whatIsRefusedLeavesNothing() {
    Stream.generate(() -> "alice").limit(5).forEach(lab::submits);
    long before = bytes();

    assertThat(refusal(lab.queue.submit(submission("alice", noise(2 * MEGABYTE), ""))).code())
      .isEqualTo(ApiException.Code.TOO_MANY_WAITING);
    assertThat(refusal(lab.queue.submit(submission("bob", noise(2 * MEGABYTE), ""),
      done(lab.queue.time()).minusMillis(1))).code()).isEqualTo(ApiException.Code.QUEUE_UNAVAILABLE);

    until(() -> staged() == 0);
    assertThat(bytes()).isEqualTo(before);
    assertThat(done(lab.queue.list("bob"))).isEmpty();
  }

  /** Its node died, or its sender went away. */
  @Test
  void whatIsNeverSubmittedDisappearsByItself() {
    Payload cut = new Payload() {
      @Override
      public long length() {
        return 3 * Payload.PART;
      }

      @Override
      public Future<Buffer> part(int index) {
        return index < 2 ? Future.succeededFuture(Buffer.buffer(noise(Payload.PART)))
          : Future.future(never -> { });
      }
    };
    lab.queue.submit(new Submission(TaskId.random(), "alice", "a", false, "", cut, "", Rejectable.NEVER));

    until(() -> staged() == 1);
    String key = lab.redis.ask("KEYS", "*staging:*").get(0).toString();
    assertThat(lab.redis.ask("TTL", key).toInteger()).isBetween(1, 60);
    assertThat(done(lab.queue.list("alice"))).isEmpty();
  }

  @Test
  void theBytesOfOneUserAreBounded() {
    RedisTaskQueue queue = bounded(MEGABYTE, 100 * MEGABYTE);
    TaskId first = TaskId.random();
    done(queue.submit(new Submission(first, "alice", "a", false, "tab", noise(1_000_000), "")));

    for (int length : new int[] {700_000, 3 * MEGABYTE}) {
      ApiException refusal = refusal(queue.submit(submission("alice", noise(length), "")));
      assertThat(refusal.code()).isEqualTo(ApiException.Code.TOO_MUCH_WAITING);
      assertThat(refusal.english()).contains("limit.user_bytes", String.valueOf(MEGABYTE));
      assertThat(refusal.chinese()).contains("limit.user_bytes", String.valueOf(MEGABYTE));
    }
    done(queue.submit(submission("bob", noise(700_000), "")));

    done(queue.cancel(first, "alice"));
    done(queue.submit(submission("alice", noise(700_000), "")));
    until(() -> staged() == 0);
    done(queue.close());
  }

  @Test
  void theBytesOfAllAreBoundedAndGivenBackByEveryEnd() {
    RedisTaskQueue queue = bounded(MEGABYTE, MEGABYTE);
    done(queue.submit(submission("alice", noise(1_000_000), "")));

    ApiException refusal = refusal(queue.submit(submission("bob", noise(700_000), "")));
    assertThat(refusal.code()).isEqualTo(ApiException.Code.QUEUE_FULL);
    assertThat(refusal.english()).contains("limit.bytes", String.valueOf(MEGABYTE));
    assertThat(done(lab.queue.stats()).bytes()).isBetween(500_000L, 1L * MEGABYTE);

    lab.completes(lab.claims().orElseThrow());
    assertThat(done(lab.queue.stats()).bytes()).isZero();
    TaskId rejected = done(queue.submit(new Submission(TaskId.random(), "bob", "b", false, "",
      Payload.of(noise(600_000)), "", Rejectable.ANYHOW))).status().id();
    done(lab.queue.reject(rejected));

    assertThat(done(lab.queue.stats()).bytes()).isZero();
    assertThat(lab.redis.ask("EXISTS", RedisKeys.BYTES.key()).toInteger()).isZero();
    done(queue.close());
  }

  /** Neither while a task waits nor after its end, and not in what Redis writes to its disk. */
  @Test
  void noSecretAndNoWorkflowCanBeReadInRedisOrItsFiles() throws IOException {
    // Words of no other test: all of the class write to the same files.
    String mine = "},\"api_key\":\"my-key\"}}";
    TaskId small = submits("alice", "my-workflow", mine);
    TaskId large = submits("bob", "my-workflow".repeat(100_000), mine);

    assertThat(stored(small, large)).doesNotContain("my-workflow").doesNotContain("my-key");
    lab.claimsAll().forEach(lab::completes);

    try (Stream<Path> files = Files.walk(Path.of(lab.redis.ask("CONFIG", "GET", "dir").get("dir").toString()))) {
      assertThat(files.filter(Files::isRegularFile)).isNotEmpty().allSatisfy(file ->
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("my-workflow")
          .doesNotContain("my-key"));
    }
  }

  @Test
  void withAnotherSecretARequestIsNotReadAndNotTakenForAnother() {
    submits("alice", "the rest", SECRETS);
    RedisTaskQueue other = new RedisTaskQueue(lab.vertx, lab.redis.access().with(Optional.of("another secret")));

    Claim claim = lab.claims().orElseThrow();
    Throwable failure = done(other.open(claim).<Throwable>map(read -> null).recover(Future::succeededFuture));

    assertThat(failure).isInstanceOf(UnreadableRequestException.class).hasMessageContaining("another secret");
    assertThat(Payloads.text(done(lab.queue.open(claim)).body())).isEqualTo("the rest");
    done(other.close());
  }

  /** As an older Anteroom has stored them: the text itself, however large. */
  @ParameterizedTest
  @ValueSource(ints = {10, 3 * MEGABYTE})
  void requestsOfTheFormatBeforeAreRead(int length) {
    TaskId id = submits("alice", "{}", SECRETS);
    String text = "{" + noise(length - 1);
    lab.redis.ask("SET", RedisKeys.BODY.of(id.value()), text);
    lab.redis.ask("SET", RedisKeys.SECRETS.of(id.value()), SECRETS);
    lab.redis.ask("HDEL", RedisKeys.TASK.of(id.value()), "parts", "length", "bytes");
    lab.redis.ask("HSET", RedisKeys.LIMITS.key(), "format", "2");

    assertThat(done(lab.queue.listBodies("alice", List.of(id), 10 * MEGABYTE))).containsEntry(id, text);
    Claim claim = lab.claims().orElseThrow();
    RunRequest request = done(lab.queue.open(claim));

    assertThat(Payloads.text(request.body())).isEqualTo(text);
    assertThat(request.secrets()).isEqualTo(SECRETS);
    lab.completes(claim);
    assertThat(done(lab.queue.listBodies("alice", List.of(id), 10 * MEGABYTE))).containsEntry(id, text);
  }

  @Test
  void whatIsKeptOfALargeOneAfterItsEndCanBeShown() {
    String text = noise(2 * MEGABYTE);
    TaskId id = submits("alice", text, SECRETS);

    lab.completes(lab.claims().orElseThrow());

    assertThat(done(lab.queue.listBodies("alice", List.of(id), 10 * MEGABYTE))).containsEntry(id, text);
    assertThat(done(lab.queue.listBodies("alice", List.of(id), MEGABYTE))).isEmpty();
  }

  /** Few bytes in the store may be many when they are read: it is these that count. */
  @Test
  void whatIsSmallOnlyBecauseItIsCompressedDoesNotFit() {
    TaskId id = submits("alice", "x".repeat(9 * MEGABYTE), "");

    assertThat(bytes()).isLessThan(MEGABYTE);
    assertThat(done(lab.queue.listBodies("alice", List.of(id), 8 * MEGABYTE))).isEmpty();
  }

  private static RedisTaskQueue bounded(long ofUser, long ofAll) {
    return new RedisTaskQueue(lab.vertx, lab.redis.access(), new Bounds(ofUser, ofAll, 2, 20, Optional.empty()));
  }

  private static TaskId submits(String user, String body, String secrets) {
    return done(lab.queue.submit(submission(user, body, secrets), Instant.ofEpochMilli(Long.MAX_VALUE))).status().id();
  }

  private static Submission submission(String user, String body, String secrets) {
    return new Submission(TaskId.random(), user, QueueFixture.poolOf(user), false, "tab", body, secrets);
  }

  /** Letters that cannot be compressed by more than a quarter. */
  private String noise(int length) {
    return random.ints(length, 0, 64).collect(StringBuilder::new, (text, value) -> text.append((char) ('0' + value)),
      StringBuilder::append).toString();
  }

  private static long bytes() {
    return done(lab.queue.stats()).bytes();
  }

  private static int staged() {
    return lab.redis.ask("KEYS", "*staging:*").size();
  }

  private static String stored(TaskId small, TaskId large) {
    return lab.redis.ask("GET", RedisKeys.BODY.of(small.value())).toString(StandardCharsets.ISO_8859_1)
      + lab.redis.ask("GET", RedisKeys.SECRETS.of(small.value())).toString(StandardCharsets.ISO_8859_1)
      + lab.redis.ask("LRANGE", RedisKeys.BODY.of(large.value()), "0", "-1").stream()
        .map(part -> part.toString(StandardCharsets.ISO_8859_1)).toList();
  }
}
