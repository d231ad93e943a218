package io.anteroom.redis;

/** Redis is away, and was asked for nothing. */
final class NotSentException extends RuntimeException {
  NotSentException() {
    super("Redis is away, the next try comes soon", null, false, false);
  }
}
