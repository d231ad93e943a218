package io.anteroom.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The time by the clock of Redis: read there now and then, and advanced by the monotonic clock of this process in
 * between. It is never ahead of Redis, and behind by no more than a reply takes to arrive.
 */
final class RedisClock {
  private static final Duration MAX_AGE = Duration.ofSeconds(10);

  private final RedisTransport link;
  private volatile Reading last;

  /**
   * @param millis the reply of Redis
   * @param nanos  when the reply had arrived
   * @param connections how many connections there had been: the next may lead to another Redis
   */
  private record Reading(long millis, long nanos, int connections) {
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

  /** In ms since the epoch; reads it from Redis unless that was done lately. Fails when Redis does not reply. */
  Future<Long> now() {
    Reading known = last;
    return known != null && known.connections() == link.connections() && known.sinceNanos() < MAX_AGE.toNanos()
      ? Future.succeededFuture(known.now())
      : link.send(Request.cmd(Command.TIME)).map(this::record);
  }

  /** The same as far as it is known, whether or not Redis replies. Call it only after {@link #now} has succeeded. */
  long estimate() {
    return last.now();
  }

  private long record(Response time) {
    long millis = TimeUnit.SECONDS.toMillis(time.get(0).toLong())
      + TimeUnit.MICROSECONDS.toMillis(time.get(1).toLong());
    Reading now = new Reading(millis, System.nanoTime(), link.connections());
    last = now;
    return now.now();
  }
}
