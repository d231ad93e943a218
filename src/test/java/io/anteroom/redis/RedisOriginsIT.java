package io.anteroom.redis;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.directory.User.Role;
import io.anteroom.identity.Identity;
import io.anteroom.support.redis.TestRedis;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose door is which, and sign-ins that hang on others, by whatever node somebody came. */
class RedisOriginsIT {
  private static final TestRedis REDIS = TestRedis.start();
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisSignInStore HERE = REDIS.signIns(VERTX);
  private static final RedisSignInStore THERE = REDIS.signIns(VERTX);
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration A_MONTH = Duration.ofDays(31);
  private static final Identity ALICE = new Identity("alice", "艾丽斯", Set.of("7b"), Role.STUDENT);

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
  void everybodyHasADoorOfHisOwnThatIsTheSameEverywhere() {
    int alices = done(HERE.assignPort("alice", 3)).orElseThrow();
    int bobs = done(THERE.assignPort("bob", 3)).orElseThrow();

    assertThat(bobs).isNotEqualTo(alices);
    assertThat(done(THERE.assignPort("alice", 3))).contains(alices);
    assertThat(done(HERE.assignPort("bob", 3))).contains(bobs);
    assertThat(done(HERE.assignPort("张三", 3)).orElseThrow()).isBetween(0, 2).isNotIn(alices, bobs);
  }

  @Test
  void whoComesWhenAllAreGivenHasNone() {
    IntStream.range(0, 3).forEach(number -> done(HERE.assignPort("student-" + number, 3)));

    assertThat(done(HERE.assignPort("alice", 3))).isEmpty();
    assertThat(done(HERE.assignPort("alice", 4))).contains(3);
  }

  @Test
  void aDoorGoesToAnotherOnlyWhenItsStudentHasNotComeForAMonth() {
    IntStream.range(0, 3).forEach(number -> done(HERE.assignPort("student-" + number, 3)));
    long longAgo = System.currentTimeMillis() - A_MONTH.toMillis();
    REDIS.ask("ZADD", RedisKeys.DOORS_USED.key(), Long.toString(longAgo), "student-1");

    assertThat(done(HERE.assignPort("alice", 3))).contains(1);
    assertThat(done(HERE.assignPort("student-1", 3))).isEmpty();
    assertThat(done(HERE.assignPort("student-0", 3))).contains(0);
  }

  @Test
  void whoComesBackAfterAMonthHasHisDoorStillWhenNobodyNeededIt() {
    done(HERE.assignPort("alice", 1));
    REDIS.ask("ZADD", RedisKeys.DOORS_USED.key(), "1", "alice");

    assertThat(done(HERE.assignPort("alice", 1))).contains(0);
    assertThat(done(HERE.assignPort("bob", 1))).isEmpty();
  }

  @Test
  void whoseDoorIsNoMoreGetsAnother() {
    IntStream.range(0, 3).forEach(number -> done(HERE.assignPort("student-" + number, 3)));

    assertThat(done(HERE.assignPort("student-2", 2))).isEmpty();
    assertThat(done(HERE.assignPort("student-1", 2))).contains(1);
  }

  @Test
  void whatHangsOnASignInEndsWithIt() {
    String hall = done(HERE.open("edge", ALICE, LONG));
    String door = done(HERE.openBelow(HERE.nameOf("edge", hall), "door:1:alice", ALICE, LONG)).orElseThrow();
    String other = done(HERE.open("edge", ALICE, LONG));
    assertThat(done(THERE.find("door:1:alice", door))).isPresent();

    done(THERE.close("edge", hall));

    assertThat(done(HERE.find("door:1:alice", door))).isEmpty();
    assertThat(done(HERE.find("edge", other))).isPresent();
  }

  @Test
  void whatHangsOnASignInLastsNoLonger() {
    String hall = done(HERE.open("edge", ALICE, Duration.ofSeconds(2)));
    String door = done(HERE.openBelow(HERE.nameOf("edge", hall), "door:1:alice", ALICE, LONG)).orElseThrow();

    until(() -> done(HERE.find("edge", hall)).isEmpty());

    until(() -> done(HERE.find("door:1:alice", door)).isEmpty());
  }

  @Test
  void nothingHangsOnASignInThatIsOver() {
    String hall = done(HERE.open("edge", ALICE, LONG));
    done(HERE.close("edge", hall));

    assertThat(done(HERE.openBelow(HERE.nameOf("edge", hall), "door:1:alice", ALICE, LONG))).isEmpty();
  }

  @Test
  void whoIsRevokedIsOutOfHisDoorsToo() {
    String hall = done(HERE.open("edge", ALICE, LONG));
    String door = done(HERE.openBelow(HERE.nameOf("edge", hall), "door:1:alice", ALICE, LONG)).orElseThrow();

    done(THERE.revoke("alice"));

    assertThat(done(HERE.find("door:1:alice", door))).isEmpty();
  }
}
