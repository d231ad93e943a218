package io.anteroom.redis;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.directory.User.Role;
import io.anteroom.identity.Identity;
import io.anteroom.identity.SignInStore.SignedIn;
import io.anteroom.support.redis.TestRedis;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is signed in, by whatever node he came. */
class RedisSignInStoreIT {
  private static final TestRedis REDIS = TestRedis.start();
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisSignInStore HERE = REDIS.signIns(VERTX);
  private static final RedisSignInStore THERE = REDIS.signIns(VERTX);
  private static final Duration LONG = Duration.ofHours(1);
  private static final Identity ALICE = new Identity("alice", "艾丽斯", Set.of("7b", "chess"), Role.TEACHER);
  private static final Identity BOB = new Identity("bob", "Bob", Set.of(), Role.STUDENT);

  @BeforeEach
  void forgetEverything() {
    REDIS.flush();
  }

  @AfterAll
  static void close() {
    done(VERTX.close());
    REDIS.close();
  }

  @Test
  void whoSignsInHereIsKnownThere() {
    String token = done(HERE.open("edge", ALICE, LONG));

    SignedIn known = done(THERE.find("edge", token)).orElseThrow();

    assertThat(known.identity()).isEqualTo(ALICE);
    assertThat(known.until()).isBetween(Instant.now().plus(LONG).minusSeconds(60), Instant.now().plus(LONG));
  }

  @Test
  void aTokenIsGoodForItsScopeOnly() {
    String token = done(HERE.open("edge", ALICE, LONG));

    assertThat(done(HERE.find("admin", token))).isEmpty();
    assertThat(done(HERE.find("edge", token + "x"))).isEmpty();
    assertThat(done(HERE.find("edge", ""))).isEmpty();
  }

  @Test
  void theStoreDoesNotKnowTheToken() {
    String token = done(HERE.open("edge", ALICE, LONG));
    String kept = done(HERE.putOnce("code", "x", LONG));

    assertThat(REDIS.ask("KEYS", "*").toString()).doesNotContain(token).doesNotContain(kept);
  }

  @Test
  void aSignInEndsByItself() {
    String token = done(HERE.open("edge", ALICE, Duration.ofMillis(50)));

    until(() -> done(HERE.find("edge", token)).isEmpty());
  }

  @Test
  void whoSignsOutIsOutEverywhereAndNobodyElse() {
    String token = done(HERE.open("edge", ALICE, LONG));
    String other = done(HERE.open("edge", ALICE, LONG));

    done(THERE.close("edge", token));

    assertThat(done(HERE.find("edge", token))).isEmpty();
    assertThat(done(HERE.find("edge", other))).isPresent();
  }

  @Test
  void whoIsRevokedIsOutOnEveryDevice() {
    List<String> alices = List.of(done(HERE.open("edge", ALICE, LONG)), done(THERE.open("view", ALICE, LONG)));
    String bobs = done(HERE.open("edge", BOB, LONG));
    Instant before = Instant.now().minusSeconds(60);

    done(HERE.revoke("alice"));

    assertThat(done(THERE.find("edge", alices.get(0)))).isEmpty();
    assertThat(done(THERE.find("view", alices.get(1)))).isEmpty();
    assertThat(done(THERE.find("edge", bobs))).isPresent();
    assertThat(done(THERE.revoked("alice"))).isAfter(before);
    assertThat(done(THERE.revoked("bob"))).isEqualTo(Instant.EPOCH);
  }

  @Test
  void aUserHasTwentySignInsAtMost() {
    List<String> tokens = IntStream.range(0, 21).mapToObj(n ->
      done(HERE.open("edge", ALICE, LONG.plusMinutes(n)))).toList();

    assertThat(done(HERE.find("edge", tokens.get(0)))).isEmpty();
    assertThat(tokens.subList(1, 21)).allMatch(token -> done(HERE.find("edge", token)).isPresent());
  }

  @Test
  void whatIsKeptIsTakenOnce() {
    String token = done(HERE.putOnce("code", "for alice", LONG));

    assertThat(done(THERE.takeOnce("errand", token))).isEmpty();
    assertThat(done(THERE.takeOnce("code", token))).contains("for alice");
    assertThat(done(HERE.takeOnce("code", token))).isEmpty();
  }

  @Test
  void onlyTheFirstIsTheFirstOverAllNodes() {
    assertThat(done(HERE.first("nonce", "n1", LONG))).isTrue();
    assertThat(done(THERE.first("nonce", "n1", LONG))).isFalse();
    assertThat(done(THERE.first("nonce", "n2", LONG))).isTrue();
  }

  @Test
  void attemptsAreCountedOverAllNodesUntilOneSucceeds() {
    assertThat(done(HERE.countAttempt("user", "alice", 2, LONG))).isTrue();
    assertThat(done(THERE.countAttempt("user", "alice", 2, LONG))).isTrue();
    assertThat(done(HERE.countAttempt("user", "alice", 2, LONG))).isFalse();
    assertThat(done(HERE.countAttempt("user", "bob", 2, LONG))).isTrue();

    done(THERE.resetAttempts("user", "alice"));

    assertThat(done(HERE.countAttempt("user", "alice", 2, LONG))).isTrue();
  }

  @Test
  void theWindowOfAttemptsEndsByItself() {
    done(HERE.countAttempt("user", "alice", 1, Duration.ofMillis(50)));

    until(() -> done(HERE.countAttempt("user", "alice", 1, Duration.ofMillis(50))));
  }

  @Test
  void aPasswordIsReplaced() {
    assertThat(done(HERE.password("alice"))).isEmpty();

    done(HERE.setPassword("alice", "one"));
    done(THERE.setPassword("alice", "two"));

    assertThat(done(HERE.password("alice"))).contains("two");
    assertThat(done(HERE.password("bob"))).isEmpty();
  }
}
