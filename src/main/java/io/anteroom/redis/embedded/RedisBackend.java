package io.anteroom.redis.embedded;

import io.anteroom.config.Settings;
import io.anteroom.redis.RedisEndpoint;
import java.util.Optional;

/** The Redis that this node uses: the one in the settings, or the embedded one. */
public final class RedisBackend {
  private final RedisEndpoint access;
  private final Optional<EmbeddedRedis> embedded;

  private RedisBackend(RedisEndpoint access, Optional<EmbeddedRedis> embedded) {
    this.access = access;
    this.embedded = embedded;
  }

  /** Starts the embedded Redis unless the settings name another. Blocks until it replies. */
  public static RedisBackend open(Settings settings) {
    Settings.Redis redis = settings.redis();
    return redis.url()
      .map(url -> new RedisBackend(RedisEndpoint.of(redis), Optional.empty()))
      .orElseGet(() -> embedded(settings));
  }

  /** The endpoint of the Redis that a node with these settings uses; starts nothing. */
  public static RedisEndpoint inUse(Settings settings) {
    return settings.redis().url().map(url -> RedisEndpoint.of(settings.redis()))
      .orElseGet(() -> access(own(settings), settings));
  }

  public RedisEndpoint access() {
    return access;
  }

  /** Stops the embedded Redis; blocks until its process has ended. Does nothing to an external Redis. */
  public void close() {
    embedded.ifPresent(EmbeddedRedis::stop);
  }

  private static RedisBackend embedded(Settings settings) {
    EmbeddedRedis redis = own(settings);
    redis.start();
    return new RedisBackend(access(redis, settings), Optional.of(redis));
  }

  /** The embedded Redis of these settings, started or not. */
  public static EmbeddedRedis own(Settings settings) {
    Settings.Storage storage = settings.redis().storage();
    return new EmbeddedRedis(settings.dataDir().resolve("redis"), settings.redis().port(), storage.maxMemory(),
      storage.minFree());
  }

  private static RedisEndpoint access(EmbeddedRedis redis, Settings settings) {
    return redis.access().with(settings.redis().storage().secret());
  }
}
