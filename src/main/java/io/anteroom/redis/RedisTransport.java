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
 * One long-lived, pipelined connection to Redis that is made again when it is lost.
 *
 * <p>A call is never sent twice: when its answer does not come in time it fails, and whoever called repeats it or not.
 * The line is then dropped, since nothing else tells a dead one from a slow one. While Redis is away, calls fail at
 * once, and a new line is tried less and less often.
 */
final class RedisTransport {
  private static final Logger log = LoggerFactory.getLogger(RedisTransport.class);
  static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long FIRST_PAUSE_MS = 50;
  private static final long LONGEST_PAUSE_MS = 2_000;

  private final Vertx vertx;
  private final RedisEndpoint access;
  private final long patienceMs;
  private final Context context;

  // All of it guarded by this.
  private Line line;
  private int lines;
  private int failures;
  private long notBefore = System.nanoTime();
  private boolean closed;

  /** A client of its own for each connection, since only closing the client closes a line that does not answer. */
  private record Line(Future<Redis> client, Future<RedisConnection> connection) {
    Future<Void> close() {
      return client.compose(Redis::close);
    }
  }

  /** @param patience how long an answer, or a connection, may take to come */
  RedisTransport(Vertx vertx, RedisEndpoint access, Duration patience) {
    this.vertx = vertx;
    this.access = access;
    this.patienceMs = patience.toMillis();
    this.context = vertx.getOrCreateContext();
  }

  /** Runs a script; Redis is sent its text only when it does not know it yet. */
  Future<Response> run(LuaScript script, List<?> args) {
    return send(evaluation(Command.EVALSHA, script.sha(), args))
      .recover(failure -> isUnknownScript(failure)
        ? send(evaluation(Command.EVAL, script.text(), args))
        : Future.failedFuture(failure));
  }

  /** How many connections there have been. */
  synchronized int lines() {
    return lines;
  }

  /** Sends one command; fails with {@link NotSentException} while Redis is away. */
  Future<Response> send(Request request) {
    Line current = line();
    if (current == null) {
      return Future.failedFuture(new NotSentException());
    }
    return current.connection()
      .compose(connection -> connection.send(request).timeout(patienceMs, TimeUnit.MILLISECONDS))
      .onFailure(failure -> dropUnlessAnswered(current, failure));
  }

  /** Closes the line for good. */
  synchronized Future<Void> close() {
    closed = true;
    Line last = line;
    line = null;
    return last == null ? Future.succeededFuture() : last.close();
  }

  private static Request evaluation(Command command, String script, List<?> args) {
    Request request = Request.cmd(command).arg(script).arg(1).arg(RedisKeys.LIMITS.key());
    args.forEach(arg -> add(request, arg));
    return request;
  }

  /** Texts, and bytes that are none. */
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

  private synchronized Line line() {
    if (line == null && !closed && System.nanoTime() - notBefore >= 0) {
      Line opened = open();
      line = opened;
      opened.connection()
        .onSuccess(connection -> isUp(opened, connection))
        .onFailure(failure -> drop(opened, failure));
    }
    return line;
  }

  /** On a context of its own: a client that a verticle makes is closed with that verticle. */
  private Line open() {
    Future<Redis> client = Future.future(made ->
      context.runOnContext(now -> made.complete(Redis.createClient(vertx, access.options()))));
    return new Line(client, client.compose(Redis::connect).timeout(patienceMs, TimeUnit.MILLISECONDS));
  }

  private synchronized void isUp(Line opened, RedisConnection connection) {
    lines++;
    connection.endHandler(end -> drop(opened, new IllegalStateException("Redis closed the connection")));
    connection.exceptionHandler(failure -> drop(opened, failure));
    if (failures > 0) {
      log.info("Redis answers again: redis={} tries={}", access, failures);
    }
    failures = 0;
  }

  /** A complaint says that the line is well, except that this is not the master any more. */
  private void dropUnlessAnswered(Line current, Throwable failure) {
    if (RedisErrorReply.of(failure).map(RedisErrorReply::isOfNoMaster).orElse(true)) {
      drop(current, failure);
    }
  }

  private synchronized void drop(Line broken, Throwable failure) {
    if (line != broken) {
      return;
    }
    line = null;
    if (failures++ == 0) {
      log.warn("Lost Redis, connecting again: redis={} cause={}", access, failure.getMessage());
    }
    long pause = Math.min(FIRST_PAUSE_MS << Math.min(failures - 1, 10), LONGEST_PAUSE_MS);
    notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
    broken.close()
      .onFailure(cause -> log.debug("A lost connection did not close: cause={}", cause.getMessage()));
  }
}
