package io.anteroom.redis.scripts;

import static io.anteroom.redis.QueueFixture.refusal;
import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.anteroom.queue.Claim;
import io.anteroom.queue.InstanceFault;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.Submission;
import io.anteroom.queue.TaskQueue.RunRequest;
import io.anteroom.redis.QueueFixture;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.redis.RedisKeys;
import io.anteroom.support.Payloads;
import io.anteroom.task.ApiException.Code;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept of the requests of ended tasks: never a secret, and never more than there is room for. */
class EndedBodiesIT extends QueueScenarios {
  private static final int MEGABYTE = 1 << 20;
  private static final Random RANDOM = new Random(5);
  private static final String SECRETS = "},\"api_key\":\"a-secret\"}}";

  @AfterEach
  void room() {
    lab.redis.hasRoom();
  }

  /** The ways in which a task ends. */
  enum End {
    COMPLETED(id -> lab.completes(claim())),
    FAILED(id -> finished(TaskState.FAILED)),
    TIMED_OUT(id -> finished(TaskState.TIMED_OUT)),
    CANCELLED_WAITING(id -> done(lab.queue.cancel(id, "alice"))),
    WITHDRAWN(id -> done(lab.queue.withdraw(id, "alice"))),
    CANCELLED_RUNNING(id -> {
      Claim claim = claim();
      done(lab.queue.cancel(id, "alice"));
      done(lab.queue.fault(claim, new InstanceFault(InstanceFault.Kind.values()[0], "ill"), 3));
    }),
    GIVEN_UP(id -> {
      lab.goesDown("a1");
      done(lab.queue.giveUp(Duration.ZERO));
    });

    private final Consumer<TaskId> way;

    End(Consumer<TaskId> way) {
      this.way = way;
    }

    private static void finished(TaskState state) {
      done(lab.queue.finish(claim(), Outcome.of(state, new TaskError("it", "ended")), false));
    }

    private static Claim claim() {
      return lab.claims().orElseThrow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whateverTheEndTheSecretsAreDeletedAndTheRestIsKeptAsLongAsTheOutcome(End end) {
    TaskId id = submits("alice", "the rest", SECRETS);

    end.way.accept(id);

    assertThat(lab.status(id).state().isFinal()).isTrue();
    assertThat(everything()).doesNotContain("a-secret");
    assertThat(bodies("alice", id)).containsOnly(Map.entry(id, "the rest"));
    assertThat(bodies("bob", id)).isEmpty();
    assertThat(lab.redis.ask("TTL", RedisKeys.ENDED_BODY.of(id.value())).toInteger()).isBetween(86_000, 86_400);
    assertThat(refusal(lab.queue.cancel(id, "bob")).code()).isEqualTo(Code.UNKNOWN_TASK);
  }

  @Test
  void aClaimBringsTheSecretsAlsoAfterItWasGivenBack() {
    TaskId id = submits("alice", "the rest", SECRETS);
    lab.requeues(lab.claims().orElseThrow());

    Claim claim = lab.claims().orElseThrow();

    assertThat(claim.id()).isEqualTo(id);
    RunRequest request = done(lab.queue.open(claim));
    assertThat(List.of(Payloads.text(request.body()), request.secrets())).containsExactly("the rest", SECRETS);
    assertThat(lab.redis.ask("TTL", RedisKeys.SECRETS.of(id.value())).toInteger()).isPositive();
  }

  @Test
  void whatIsForgottenIsGoneWithItsRequest() {
    TaskId id = ended("alice", 10);

    done(lab.queue.forget("alice", List.of(id)));

    assertThat(bodies("alice", id)).isEmpty();
    assertThat(keptBytes()).isZero();
    assertThat(lab.redis.ask("KEYS", "*ended-b*").size()).isZero();
  }

  @Test
  void theOldestOfAUserGoFirst() {
    TaskId first = ended("alice", 3 * MEGABYTE);
    TaskId second = ended("alice", 3 * MEGABYTE);
    TaskId others = ended("bob", 3 * MEGABYTE);
    TaskId third = ended("alice", 3 * MEGABYTE);

    assertThat(bodies("alice", first, second, third)).containsOnlyKeys(second, third);
    assertThat(bodies("bob", others)).containsOnlyKeys(others);
    assertThat(lab.status(first).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(keptBytes()).isCloseTo(9 * MEGABYTE, withPercentage(5));
  }

  @Test
  void oneThatHasNoRoomEvenAloneDrivesOutNoOther() {
    TaskId small = ended("alice", MEGABYTE);
    TaskId large = ended("alice", 9 * MEGABYTE);

    assertThat(bodies("alice", small, large)).containsOnlyKeys(small);
  }

  @Test
  void theOldestOfAllGoFirstWhereRedisIsSmall() {
    TaskId alices = ended("alice", 3 * MEGABYTE);
    lab.redis.ask("CONFIG", "SET", "maxmemory", String.valueOf(8 * 5 * MEGABYTE));

    TaskId bobs = ended("bob", 3 * MEGABYTE);

    assertThat(bodies("alice", alices)).isEmpty();
    assertThat(bodies("bob", bobs)).containsOnlyKeys(bobs);
    assertThat(keptBytes()).isCloseTo(3 * MEGABYTE, withPercentage(5));
  }

  @Test
  void nothingIsKeptInAFullRedis() {
    TaskId alices = ended("alice", MEGABYTE);
    lab.submits("bob");
    Claim bobs = lab.claims().orElseThrow();
    lab.redis.isFull();

    lab.completes(bobs);

    assertThat(bodies("alice", alices)).isEmpty();
    assertThat(bodies("bob", bobs.id())).isEmpty();
    assertThat(keptBytes()).isZero();
  }

  @Test
  void whatIsOlderThanOutcomesAreKeptCountsNoMore() {
    ended("alice", MEGABYTE);
    lab.redis.ask("ZADD", RedisKeys.ENDED_BODIES.key(), "1",
      lab.redis.ask("ZRANGE", RedisKeys.ENDED_BODIES.key(), "0", "0").get(0).toString());

    TaskId id = ended("bob", 10);

    assertThat(keptBytes()).isEqualTo(storedBytes(id));
  }

  @Test
  void ofAUsersManyTasksOnlyTheLatestCount() {
    List<TaskId> ids = Stream.generate(() -> ended("alice", 1)).limit(203).toList();

    assertThat(keptBytes()).isEqualTo(200 * storedBytes(ids.get(202)));
  }

  private static TaskId ended(String user, int bytes) {
    TaskId id = submits(user, noise(bytes), "");
    lab.completes(lab.claims().orElseThrow());
    return id;
  }

  private static TaskId submits(String user, String body, String secrets) {
    return done(lab.queue.submit(
      new Submission(TaskId.random(), user, QueueFixture.poolOf(user), false, "tab", body, secrets))).status().id();
  }

  private static Map<TaskId, String> bodies(String user, TaskId... ids) {
    return done(lab.queue.listBodies(user, List.of(ids), 100L * MEGABYTE));
  }

  /** A text that takes so many bytes in the store, or a few more: each letter says six bits that cannot be guessed. */
  private static String noise(int bytes) {
    return RANDOM.ints(bytes * 8L / 6, 0, 64).collect(StringBuilder::new,
      (text, value) -> text.append((char) ('0' + value)), StringBuilder::append).toString();
  }

  private static int storedBytes(TaskId id) {
    return lab.redis.ask("HGET", RedisKeys.TASK.of(id.value()), "bytes").toInteger();
  }

  private static int keptBytes() {
    return lab.redis.ask("HGET", RedisKeys.LIMITS.key(), "ended_bytes").toInteger();
  }

  /** All texts that the store holds. */
  private static String everything() {
    return lab.redis.ask("KEYS", "*").stream().map(key -> switch (lab.redis.ask("TYPE", key.toString()).toString()) {
      case "string" -> lab.redis.ask("GET", key.toString());
      case "hash" -> lab.redis.ask("HGETALL", key.toString());
      case "list" -> lab.redis.ask("LRANGE", key.toString(), "0", "-1");
      case "set" -> lab.redis.ask("SMEMBERS", key.toString());
      default -> lab.redis.ask("ZRANGE", key.toString(), "0", "-1");
    }).map(String::valueOf).toList().toString();
  }
}
