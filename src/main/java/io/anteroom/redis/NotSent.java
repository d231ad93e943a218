package io.anteroom.redis;

/** Redis is away, and was asked for nothing. */
final class NotSent extends RuntimeException {
  NotSent() {
    super("Redis is away, the next try comes soon", null, false, false);
  }
}
