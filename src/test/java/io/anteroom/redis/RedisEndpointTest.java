package io.anteroom.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.anteroom.redis.RedisEndpoint.Mode;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How Redis is reached, and what is never said of it. */
class RedisEndpointTest {

  @Test
  void printsWhereItIsButNoSecret() {
    RedisEndpoint access = new RedisEndpoint(List.of(
      "rediss://lab:hunter2@one:6380/3", "redis://two?password=hunter2", "unix:///run/redis.sock"), Mode.CLUSTER, "");

    assertThat(access).hasToString("rediss://***@one:6380/3,redis://two?password=***,unix:///run/redis.sock");
  }

  @Test
  void aWrongUrlIsComplainedOfWithoutItsSecret() {
    assertThatIllegalArgumentException().isThrownBy(() -> RedisEndpoint.standalone("redis://:hunt er2@one"))
      .withMessageContaining("not well formed").withMessageNotContaining("er2").withNoCause();
    assertThatIllegalArgumentException().isThrownBy(() -> RedisEndpoint.standalone("http://:hunter2@one"))
      .withMessageContaining("rediss://").withMessageNotContaining("hunter2");
    assertThatIllegalArgumentException().isThrownBy(() -> RedisEndpoint.standalone("redis://:hunter2@one:port"))
      .withMessageNotContaining("hunter2").withNoCause();
  }

  @Test
  void sentinelAndClusterPassThroughToTheClient() {
    List<String> urls = List.of("redis://one:26379", "redis://two:26379");

    RedisOptions sentinel = new RedisEndpoint(urls, Mode.SENTINEL, "lab").options();
    RedisOptions cluster = new RedisEndpoint(urls, Mode.CLUSTER, "").options();

    assertThat(sentinel.getType()).isEqualTo(RedisClientType.SENTINEL);
    assertThat(sentinel.getMasterName()).isEqualTo("lab");
    assertThat(sentinel.getEndpoints()).isEqualTo(urls);
    assertThat(cluster.getType()).isEqualTo(RedisClientType.CLUSTER);
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    List<String> one = List.of("redis://a");
    List<String> two = List.of("redis://a", "redis://b");

    assertThatIllegalArgumentException().isThrownBy(() -> new RedisEndpoint(two, Mode.STANDALONE, ""))
      .withMessageContaining("2 URLs");
    assertThatIllegalArgumentException().isThrownBy(() -> new RedisEndpoint(one, Mode.SENTINEL, " "))
      .withMessageContaining("master");
  }
}
