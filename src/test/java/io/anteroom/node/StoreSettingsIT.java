package io.anteroom.node;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.ConfigLoader;
import io.anteroom.config.Settings;
import io.anteroom.doctor.BoundsCheck;
import io.anteroom.redis.RedisEndpoint;
import io.anteroom.redis.embedded.RedisBackend;
import io.anteroom.support.FreePorts;
import io.anteroom.support.redis.TestRedis;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The settings of the store. */
class StoreSettingsIT {
  private static final Vertx VERTX = Vertx.vertx();

  @AfterAll
  static void close() {
    done(VERTX.close());
  }

  @Test
  void theEmbeddedRedisHasItsMemory() {
    RedisBackend store = RedisBackend.open(load(Map.of("ANTEROOM_REDIS_MAX_MEMORY", "32MB", "ANTEROOM_LIMIT_BYTES",
      "20MB",
      "ANTEROOM_LIMIT_USER_BYTES", "10MB",
      "ANTEROOM_DATA_DIR", TestRedis.freshDirectory().toString(),
      "ANTEROOM_REDIS_PORT", String.valueOf(FreePorts.next()))));
    Redis redis = Redis.createClient(VERTX, store.access().urls().get(0));
    try {
      assertThat(done(redis.send(Request.cmd(Command.CONFIG).arg("GET").arg("maxmemory"))).toString())
        .contains(String.valueOf(32 << 20));
    } finally {
      done(redis.close());
      store.close();
    }
  }

  @Test
  void aDiskIsShortBelowItsBound() {
    Map<String, String> folder = Map.of("ANTEROOM_DATA_DIR", TestRedis.freshDirectory().toString());
    Map<String, String> much = Map.of("ANTEROOM_DATA_MIN_FREE", "100000GB",
      "ANTEROOM_DATA_DIR", TestRedis.freshDirectory().toString());

    assertThat(shortages(folder)).isZero();
    assertThat(shortages(much)).isEqualTo(1);
  }

  @Test
  void theSecretThatIsSetEncrypts() {
    Map<String, String> own = Map.of("ANTEROOM_REDIS_URL", "redis://:password@db:6379",
      "ANTEROOM_REDIS_ENCRYPTION_SECRET", "0123456789abcdef0123456789abcdef");

    assertThat(RedisEndpoint.of(load(own).redis()).secret()).hasValue("0123456789abcdef0123456789abcdef");
  }

  private static long shortages(Map<String, String> variables) {
    return new BoundsCheck(load(variables), 512L << 20).findings().stream()
      .filter(finding -> finding.remedy().startsWith("free some space")).count();
  }

  private static Settings load(Map<String, String> variables) {
    return ConfigLoader.load(Optional.empty(), variables).settings();
  }
}
