package io.anteroom.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Calls a script with a deadline as its last argument, after which the script does nothing. On failure nothing was
 * done, nor will be: a call that reaches Redis late changes nothing, and a call whose reply was lost is repeated until
 * the deadline. For idempotent scripts only.
 */
final class DeadlineCall {
  /** By then Redis has usually come back, or a replica has been promoted. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(6);
  private static final Duration RETRY_INTERVAL = Duration.ofMillis(100);

  private final Vertx vertx;
  private final RedisTransport link;
  private final RedisClock clock;

  DeadlineCall(Vertx vertx, RedisTransport link, RedisClock clock) {
    this.vertx = vertx;
    this.link = link;
    this.clock = clock;
  }

  /** @param until in ms since the epoch, by the clock of Redis */
  Future<Response> run(LuaScript script, List<?> args, long until) {
    return clock.now().compose(now -> {
      long last = Math.min(until, now + MAX_WAIT.toMillis());
      List<?> timed = Stream.concat(args.stream(), Stream.of(Long.toString(last))).toList();
      return link.run(script, timed).recover(failure -> failure instanceof NotSentException
        ? Future.failedFuture(failure) : repeat(script, timed, last, failure));
    });
  }

  private Future<Response> repeat(LuaScript script, List<?> args, long last, Throwable failure) {
    boolean wasAnswered = RedisErrorReply.of(failure).isPresent();
    return wasAnswered || clock.estimate() > last ? Future.failedFuture(failure)
      : vertx.timer(RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS).compose(later -> link.run(script, args))
        .recover(next -> repeat(script, args, last, next));
  }
}
