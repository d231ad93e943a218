package io.anteroom.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What time it is at Redis: read there now and then, and counted on by this process's monotonic clock in between. It is
 * never ahead of Redis, and behind by no more than an answer takes to come.
 */
final class RedisClock {
  private static final Duration GOOD_FOR = Duration.ofSeconds(10);

  private final RedisTransport link;
  private volatile Reading last;

  /**
   * @param millis what Redis said
   * @param nanos  when its answer had come
   * @param lines  how many connections there had been: the next may lead to another Redis
   */
  private record Reading(long millis, long nanos, int lines) {
    long sinceNanos() {
      return System.nanoTime() - nanos;
    }

    long now() {
      return millis + TimeUnit.NANOSECONDS.toMillis(sinceNanos());
    }
  }

  RedisClock(RedisTransport link) {
    this.link = link;
  }

  /** In ms since the epoch; asks Redis when it was not asked lately. Fails when it does not answer. */
  Future<Long> now() {
    Reading known = last;
    return known != null && known.lines() == link.lines() && known.sinceNanos() < GOOD_FOR.toNanos()
      ? Future.succeededFuture(known.now())
      : link.send(Request.cmd(Command.TIME)).map(this::note);
  }

  /** The same as far as it is known, whether or not Redis answers; to be called after {@link #now} has succeeded. */
  long guess() {
    return last.now();
  }

  private long note(Response time) {
    long millis = TimeUnit.SECONDS.toMillis(time.get(0).toLong())
      + TimeUnit.MICROSECONDS.toMillis(time.get(1).toLong());
    Reading now = new Reading(millis, System.nanoTime(), link.lines());
    last = now;
    return now.now();
  }
}
