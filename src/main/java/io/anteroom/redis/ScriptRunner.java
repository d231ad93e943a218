package io.anteroom.redis;

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

/** Runs scripts, answers on the context of the one who asked, and puts what went wrong into words. */
final class ScriptRunner {
  private static final Logger log = LoggerFactory.getLogger(ScriptRunner.class);

  private final Vertx vertx;
  private final RedisTransport link;
  /** What was complained of last, so that a long trouble is told once; null when all is well. */
  private volatile RedisErrorReply told;

  ScriptRunner(Vertx vertx, RedisTransport link) {
    this.vertx = vertx;
    this.link = link;
  }

  /** The answer; fails with a refusal that says whether Redis does not answer, or what it complains of. */
  Future<Response> run(LuaScript script, List<?> args) {
    return run(script, () -> link.run(script, args));
  }

  /** The same of a call that may take more than one try. */
  Future<Response> run(LuaScript script, Supplier<Future<Response>> call) {
    Context caller = vertx.getOrCreateContext();
    Future<Response> answer = call.get()
      .onSuccess(well -> told = null)
      .recover(failure -> Future.failedFuture(refusal(script, failure)));
    return on(caller, answer);
  }

  /** The same answer, on the context of the one who calls this. */
  <T> Future<T> onCaller(Future<T> answer) {
    return on(vertx.getOrCreateContext(), answer);
  }

  private static <T> Future<T> on(Context caller, Future<T> answer) {
    return Future.future(heard -> answer.onComplete((response, failure) ->
      caller.runOnContext(now -> heard.complete(response, failure))));
  }

  private ApiException refusal(LuaScript script, Throwable failure) {
    Optional<RedisErrorReply> complaint = RedisErrorReply.of(failure);
    complaint.filter(said -> said != told || said == RedisErrorReply.OTHER).ifPresent(said ->
      log.error("Redis refused a script: verb={} cause={} remedy={}", script.verb(), failure.getMessage(),
        said.remedy()));
    complaint.ifPresent(said -> told = said);
    return complaint.map(QueueErrors::refused).orElseGet(QueueErrors::unavailable);
  }
}
