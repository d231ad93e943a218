package io.anteroom.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Calls a script that does nothing after a time that is its last argument. A failure says that nothing was done, nor
 * will be: what reaches Redis late changes nothing, and a call whose answer got lost is made again until that time. To
 * be used for what may be repeated.
 */
final class DeadlineCall {
  /** Within it Redis has usually come back, or another has taken its place. */
  private static final Duration LONGEST = Duration.ofSeconds(6);
  private static final Duration AGAIN = Duration.ofMillis(100);

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
      long last = Math.min(until, now + LONGEST.toMillis());
      List<?> timed = Stream.concat(args.stream(), Stream.of(Long.toString(last))).toList();
      return link.run(script, timed).recover(failure -> failure instanceof NotSentException
        ? Future.failedFuture(failure) : repeat(script, timed, last, failure));
    });
  }

  private Future<Response> repeat(LuaScript script, List<?> args, long last, Throwable failure) {
    boolean wasAnswered = RedisErrorReply.of(failure).isPresent();
    return wasAnswered || clock.guess() > last ? Future.failedFuture(failure)
      : vertx.timer(AGAIN.toMillis(), TimeUnit.MILLISECONDS).compose(later -> link.run(script, args))
        .recover(next -> repeat(script, args, last, next));
  }
}
