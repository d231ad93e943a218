package io.anteroom.redis;

/** Redis is away, and nothing was sent to it. */
final class NotSentException extends RuntimeException {
  NotSentException() {
    super("Redis is away, the next try follows soon", null, false, false);
  }
}
