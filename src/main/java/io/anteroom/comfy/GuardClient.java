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

/** The client of the guard of an instance. A missing guard is treated as one that knows nothing. */
public final class GuardClient {
  /** An instance without a guard answers 404 or 405; one with another secret will refuse the run itself. */
  private static final Set<Integer> ABSENT = Set.of(404, 405, GuardProtocol.REFUSES_PROOF);

  private final HttpExchange exchange;
  private final Optional<String> secret;

  /** @param secret shared with the guards; empty for none */
  public GuardClient(HttpExchange exchange, Optional<String> secret) {
    this.exchange = exchange;
    this.secret = secret;
  }

  /** Adds the proof that a guard may require. */
  public HttpClientRequest prove(HttpClientRequest request, Purpose purpose, Object... about) {
    secret.ifPresent(known ->
      request.putHeader(GuardProtocol.PROOF, GuardProtocol.proof(known, purpose, about)));
    return request;
  }

  /** Fences off earlier attempts that are still in transit. Fails if the instance does not answer. */
  Future<Void> fence(Instance instance, TaskId id, int attempt) {
    Buffer body = new JsonObject().put(GuardProtocol.TASK, id.value()).put(GuardProtocol.ATTEMPT, attempt).toBuffer();
    return exchange.open(instance, HttpMethod.POST, GuardProtocol.FENCE)
      .compose(request -> exchange.finish(prove(request, Purpose.FENCE, id, attempt), body))
      .compose(answer -> answer.status() == 200 || ABSENT.contains(answer.status())
        ? Future.succeededFuture()
        : Future.failedFuture(new ComfyException(GuardProtocol.FENCE + " answered " + answer.status())));
  }

  /** The state that the guard remembers of a task that the instance itself has forgotten. */
  Future<RunState> remembered(Instance instance, TaskId id) {
    return journal(instance, id.value()).compose(answer -> answer.status() < 500
      ? Future.succeededFuture(answer.status() == 200 ? read(answer.body()) : new RunState.Absent())
      : Future.failedFuture(new ComfyException(GuardProtocol.JOURNAL + " answered " + answer.status())));
  }

  /** The journal entry of any task. */
  Future<Answer> journal(Instance instance, String id) {
    return exchange.open(instance, HttpMethod.GET, GuardProtocol.JOURNAL + id)
      .compose(request -> exchange.finish(prove(request, Purpose.JOURNAL, id), Buffer.buffer()));
  }

  /** A page that is not JSON comes from an instance that answers 200 to unknown paths. */
  private static RunState read(Buffer body) {
    try {
      return HistoryParser.runState(body);
    } catch (ComfyException noGuard) {
      return new RunState.Absent();
    }
  }
}
