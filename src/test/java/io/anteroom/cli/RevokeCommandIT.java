package io.anteroom.cli;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.Anteroom;
import io.anteroom.directory.User.Role;
import io.anteroom.identity.Identity;
import io.anteroom.redis.RedisSignInStore;
import io.anteroom.support.LogLines;
import io.anteroom.support.redis.RedisRelay;
import io.anteroom.support.redis.TestRedis;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The command that signs users out everywhere. */
class RevokeCommandIT {
  private static final TestRedis REDIS = TestRedis.start();
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisSignInStore SIGN_INS = REDIS.signIns(VERTX);
  private final StringWriter said = new StringWriter();

  @AfterAll
  static void close() {
    done(VERTX.close());
    REDIS.close();
  }

  @Test
  void whoIsNamedIsSignedOutAndNobodyElse() {
    String alices = signIn("alice");
    String bobs = signIn("bob");

    assertThat(run(REDIS.access().urls().get(0), "revoke", "Alice")).isZero();

    assertThat(done(SIGN_INS.find("edge", alices))).isEmpty();
    assertThat(done(SIGN_INS.find("edge", bobs))).isPresent();
  }

  @Test
  void withoutAStoreNothingIsSaidToBeDone() {
    assertThat(run("redis://127.0.0.1:1", "revoke", "alice")).isEqualTo(1);
    assertThat(said.toString()).contains("does not answer").doesNotContain("signed out", "\tat ");
  }

  @Test
  void whereEverythingTakesLongItIsDoneAllTheSameAndNothingIsLamented() {
    String alices = signIn("alice");
    try (RedisRelay slow = RedisRelay.to(REDIS.access()); LogLines log = new LogLines("io.anteroom")) {
      slow.delay(Duration.ofMillis(2_200));

      assertThat(run(slow.access().urls().get(0), "revoke", "alice")).isZero();

      assertThat(log.all()).noneMatch(line -> line.contains("Lost Redis"));
    }
    assertThat(done(SIGN_INS.find("edge", alices))).isEmpty();
  }

  private static String signIn(String user) {
    return done(SIGN_INS.open("edge", new Identity(user, user, Set.of(), Role.STUDENT), Duration.ofHours(1)));
  }

  private int run(String redis, String... arguments) {
    PrintWriter out = new PrintWriter(said);
    return Anteroom.commandLine(Map.of("ANTEROOM_REDIS_URL", redis), loaded -> { }, loaded -> { })
      .setErr(out).setOut(out).execute(arguments);
  }
}
