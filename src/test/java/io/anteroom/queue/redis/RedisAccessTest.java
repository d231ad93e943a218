package io.anteroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.anteroom.queue.redis.RedisAccess.Mode;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import org.junit.jupiter.api.Test;

/** How Redis is reached, and what is never said of it. */
class RedisAccessTest {

  @Test
  void printsWhereItIsButNoSecret() {
    RedisAccess access = RedisAccess.of(
      "rediss://lab:hunter2@one:6380/3, redis://two?password=hunter2,unix:///run/redis.sock", Mode.CLUSTER, "");

    assertThat(access).hasToString("rediss://one:6380,redis://two,unix:///run/redis.sock");
  }

  @Test
  void aWrongUrlIsComplainedOfWithoutItsSecret() {
    assertThatIllegalArgumentException().isThrownBy(() -> RedisAccess.standalone("redis://:hunt er2@one"))
      .withMessageContaining("not well formed").withMessageNotContaining("er2").withNoCause();
    assertThatIllegalArgumentException().isThrownBy(() -> RedisAccess.standalone("http://:hunter2@one"))
      .withMessageContaining("rediss://").withMessageNotContaining("hunter2");
    assertThatIllegalArgumentException().isThrownBy(() -> RedisAccess.standalone("redis://:hunter2@one:port"))
      .withMessageNotContaining("hunter2").withNoCause();
  }

  @Test
  void sentinelAndClusterPassThroughToTheClient() {
    RedisOptions sentinel = RedisAccess.of("redis://one:26379,redis://two:26379", Mode.SENTINEL, "lab").options();
    RedisOptions cluster = RedisAccess.of("redis://one,redis://two", Mode.CLUSTER, "").options();

    assertThat(sentinel.getType()).isEqualTo(RedisClientType.SENTINEL);
    assertThat(sentinel.getMasterName()).isEqualTo("lab");
    assertThat(sentinel.getEndpoints()).containsExactly("redis://one:26379", "redis://two:26379");
    assertThat(cluster.getType()).isEqualTo(RedisClientType.CLUSTER);
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> RedisAccess.of("redis://a,redis://b", Mode.STANDALONE, ""))
      .withMessageContaining("2 URLs");
    assertThatIllegalArgumentException().isThrownBy(() -> RedisAccess.of("redis://a", Mode.SENTINEL, " "))
      .withMessageContaining("master");
  }
}
