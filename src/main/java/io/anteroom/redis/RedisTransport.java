package io.anteroom.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One long-lived, pipelined connection to Redis that is reopened when it is lost.
 *
 * <p>A call is never sent twice: when its reply does not come in time it fails, and its caller may repeat it. The
 * connection is closed then, since nothing else tells a dead one from a slow one. While Redis is away calls fail at
 * once, and a new connection is tried with exponential backoff.
 */
final class RedisTransport {
  private static final Logger log = LoggerFactory.getLogger(RedisTransport.class);
  static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final long FIRST_PAUSE_MS = 50;
  private static final long MAX_PAUSE_MS = 2_000;

  private final Vertx vertx;
  private final RedisEndpoint endpoint;
  private final long timeoutMs;
  private final Context context;

  // All guarded by this.
  private Channel channel;
  private int connections;
  private int failures;
  private long notBefore = System.nanoTime();
  private boolean closed;

  /** A connection with a client of its own, since only closing the client closes a connection that does not reply. */
  private record Channel(Future<Redis> client, Future<RedisConnection> connection) {
    Future<Void> close() {
      return client.compose(Redis::close);
    }
  }

  /** @param timeout of a reply, and of a connection */
  RedisTransport(Vertx vertx, RedisEndpoint endpoint, Duration timeout) {
    this.vertx = vertx;
    this.endpoint = endpoint;
    this.timeoutMs = timeout.toMillis();
    this.context = vertx.getOrCreateContext();
  }

  /** Runs a script; sends its text only when Redis does not know it yet. */
  Future<Response> run(LuaScript script, List<?> args) {
    return send(evaluation(Command.EVALSHA, script.sha(), args))
      .recover(failure -> isUnknownScript(failure)
        ? send(evaluation(Command.EVAL, script.text(), args))
        : Future.failedFuture(failure));
  }

  /** How many connections were opened so far. */
  synchronized int connections() {
    return connections;
  }

  /** Sends a command; fails with {@link NotSentException} while Redis is away. */
  Future<Response> send(Request request) {
    Channel current = channel();
    if (current == null) {
      return Future.failedFuture(new NotSentException());
    }
    return current.connection()
      .compose(connection -> connection.send(request).timeout(timeoutMs, TimeUnit.MILLISECONDS))
      .onFailure(failure -> closeUnlessReplied(current, failure));
  }

  /** Closes the connection for good. */
  synchronized Future<Void> close() {
    closed = true;
    Channel last = channel;
    channel = null;
    return last == null ? Future.succeededFuture() : last.close();
  }

  private static Request evaluation(Command command, String script, List<?> args) {
    Request request = Request.cmd(command).arg(script).arg(1).arg(RedisKeys.LIMITS.key());
    args.forEach(arg -> add(request, arg));
    return request;
  }

  /** Bytes, or anything else as text. */
  private static void add(Request request, Object arg) {
    if (arg instanceof Buffer bytes) {
      request.arg(bytes);
    } else {
      request.arg(arg.toString());
    }
  }

  private static boolean isUnknownScript(Throwable failure) {
    return failure instanceof ErrorType error && error.is("NOSCRIPT");
  }

  private synchronized Channel channel() {
    if (channel == null && !closed && System.nanoTime() - notBefore >= 0) {
      Channel opened = open();
      channel = opened;
      opened.connection()
        .onSuccess(connection -> isUp(opened, connection))
        .onFailure(failure -> drop(opened, failure));
    }
    return channel;
  }

  /** On a context of its own: a client that a verticle creates is closed with that verticle. */
  private Channel open() {
    Future<Redis> client = Future.future(made ->
      context.runOnContext(now -> made.complete(Redis.createClient(vertx, endpoint.options()))));
    return new Channel(client, client.compose(Redis::connect).timeout(timeoutMs, TimeUnit.MILLISECONDS));
  }

  private synchronized void isUp(Channel opened, RedisConnection connection) {
    connections++;
    connection.endHandler(end -> drop(opened, new IllegalStateException("Redis closed the connection")));
    connection.exceptionHandler(failure -> drop(opened, failure));
    if (failures > 0) {
      log.info("Redis answers again: redis={} tries={}", endpoint, failures);
    }
    failures = 0;
  }

  /** An error reply shows that the connection works, unless this Redis is no longer the master. */
  private void closeUnlessReplied(Channel current, Throwable failure) {
    if (RedisErrorReply.of(failure).map(RedisErrorReply::isNotMaster).orElse(true)) {
      drop(current, failure);
    }
  }

  private synchronized void drop(Channel broken, Throwable failure) {
    if (channel != broken) {
      return;
    }
    channel = null;
    if (failures++ == 0) {
      log.warn("Lost Redis, connecting again: redis={} cause={}", endpoint, failure.getMessage());
    }
    long pause = Math.min(FIRST_PAUSE_MS << Math.min(failures - 1, 10), MAX_PAUSE_MS);
    notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
    broken.close()
      .onFailure(cause -> log.debug("A lost connection did not close: cause={}", cause.getMessage()));
  }
}
