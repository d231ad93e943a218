package io.anteroom.redis;

import io.anteroom.async.Contexts;
import io.anteroom.task.ApiException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs scripts: responds on the caller's context, and words the errors of Redis. */
final class ScriptRunner {
  private static final Logger log = LoggerFactory.getLogger(ScriptRunner.class);

  private final Vertx vertx;
  private final RedisTransport link;
  /** The last error reply, so that one that lasts is logged once; null when the last call succeeded. */
  private volatile RedisErrorReply logged;

  ScriptRunner(Vertx vertx, RedisTransport link) {
    this.vertx = vertx;
    this.link = link;
  }

  /** The reply; fails with a refusal that says whether Redis does not answer, or which error it replied. */
  Future<Response> run(LuaScript script, List<?> args) {
    return run(script, () -> link.run(script, args));
  }

  /** The same of a call that may take more than one try. */
  Future<Response> run(LuaScript script, Supplier<Future<Response>> call) {
    Context caller = vertx.getOrCreateContext();
    Future<Response> answer = call.get()
      .onSuccess(well -> logged = null)
      .recover(failure -> Future.failedFuture(refusal(script, failure)));
    return Contexts.onto(caller, answer);
  }

  /** The same answer, on the caller's context. */
  <T> Future<T> onCaller(Future<T> answer) {
    return Contexts.onto(vertx.getOrCreateContext(), answer);
  }

  private ApiException refusal(LuaScript script, Throwable failure) {
    Optional<RedisErrorReply> complaint = RedisErrorReply.of(failure);
    complaint.filter(said -> said != logged || said == RedisErrorReply.OTHER).ifPresent(said ->
      log.error("Redis refused a script: verb={} cause={} remedy={}", script.verb(), failure.getMessage(),
        said.remedy()));
    complaint.ifPresent(said -> logged = said);
    return complaint.map(QueueErrors::refused).orElseGet(QueueErrors::unavailable);
  }
}
