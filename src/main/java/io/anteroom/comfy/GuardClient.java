package io.anteroom.comfy;

import io.anteroom.comfy.http.HttpExchange;
import io.anteroom.comfy.http.HttpExchange.Answer;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.GuardProtocol;
import io.anteroom.comfy.protocol.GuardProtocol.Purpose;
import io.anteroom.directory.Instance;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/** Talks to the guard of an instance. Where there is none, everything goes on as if it knew nothing. */
public final class GuardClient {
  /** An instance without a guard says 404 or 405; one with another secret will say so to the run itself. */
  private static final Set<Integer> NOBODY_LISTENS = Set.of(404, 405, GuardProtocol.REFUSES_PROOF);

  private final HttpExchange exchange;
  private final Optional<String> secret;

  /** @param secret what guards know too; empty for none */
  public GuardClient(HttpExchange exchange, Optional<String> secret) {
    this.exchange = exchange;
    this.secret = secret;
  }

  /** The same request with the proof that a guard may want to see. */
  public HttpClientRequest prove(HttpClientRequest request, Purpose purpose, Object... about) {
    secret.ifPresent(known ->
      request.putHeader(GuardProtocol.PROOF, GuardProtocol.proof(known, purpose, about)));
    return request;
  }

  /** Keeps out what is still on its way of the attempts before this one. Fails when the instance does not answer. */
  Future<Void> fence(Instance instance, TaskId id, int attempt) {
    Buffer body = new JsonObject().put(GuardProtocol.TASK, id.value()).put(GuardProtocol.ATTEMPT, attempt).toBuffer();
    return exchange.open(instance, HttpMethod.POST, GuardProtocol.FENCE)
      .compose(request -> exchange.finish(prove(request, Purpose.FENCE, id, attempt), body))
      .compose(answer -> answer.status() == 200 || NOBODY_LISTENS.contains(answer.status())
        ? Future.succeededFuture()
        : Future.failedFuture(new ComfyException(GuardProtocol.FENCE + " answered " + answer.status())));
  }

  /** What the guard remembers of a task that the instance itself has forgotten. */
  Future<RunState> remembered(Instance instance, TaskId id) {
    return journal(instance, id.value()).compose(answer -> answer.status() < 500
      ? Future.succeededFuture(answer.status() == 200 ? read(answer.body()) : new RunState.Absent())
      : Future.failedFuture(new ComfyException(GuardProtocol.JOURNAL + " answered " + answer.status())));
  }

  /** The answer to the question for any task. */
  Future<Answer> journal(Instance instance, String id) {
    return exchange.open(instance, HttpMethod.GET, GuardProtocol.JOURNAL + id)
      .compose(request -> exchange.finish(prove(request, Purpose.JOURNAL, id), Buffer.buffer()));
  }

  /** A page that is no JSON comes from an instance that answers 200 to whatever it does not know. */
  private static RunState read(Buffer body) {
    try {
      return HistoryParser.whereabouts(body);
    } catch (ComfyException noGuard) {
      return new RunState.Absent();
    }
  }
}
