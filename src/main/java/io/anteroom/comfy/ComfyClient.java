package io.anteroom.comfy;

import io.anteroom.comfy.InstanceProbe.NotComfyUi;
import io.anteroom.comfy.OwnRunsParser.OwnRun;
import io.anteroom.comfy.PostResult.Unknown.Sign;
import io.anteroom.comfy.http.HttpExchange;
import io.anteroom.comfy.http.HttpExchange.Answer;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.comfy.protocol.GuardProtocol;
import io.anteroom.comfy.protocol.GuardProtocol.Purpose;
import io.anteroom.config.Settings;
import io.anteroom.directory.Instance;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

/** The queue's client for instances: submits tasks, polls their state, stops them. */
public final class ComfyClient {
  /** The latest history entries to read: more runs cannot have ended at an instance since the store last knew of it. */
  private static final int LATEST = 200;

  private final HttpExchange exchange;
  private final GuardClient guard;

  /**
   * @param settings      timeouts, TLS and guard secret
   * @param answerTimeout timeout for a response
   */
  public ComfyClient(Vertx vertx, Settings.Instances settings, Duration answerTimeout) {
    exchange = new HttpExchange(vertx, settings.connectTimeout(), settings.trust(), answerTimeout);
    guard = new GuardClient(exchange, settings.guardSecret());
  }

  /** Submits an attempt of a task. Never fails: an unknown result is one of the results. */
  public Future<PostResult> post(Instance instance, TaskId id, int attempt, String body) {
    return post(instance, id, attempt, Buffer.buffer(body));
  }

  /** The same with bytes. */
  public Future<PostResult> post(Instance instance, TaskId id, int attempt, Buffer body) {
    return post(instance, id, attempt, request -> exchange.finish(request, body));
  }

  /** The same as a stream. If the content breaks off, the instance gets an incomplete request and runs nothing. */
  public Future<PostResult> post(Instance instance, TaskId id, int attempt, HttpExchange.Content content) {
    return post(instance, id, attempt, request -> exchange.stream(request, content));
  }

  private Future<PostResult> post(Instance instance, TaskId id, int attempt,
      Function<HttpClientRequest, Future<Answer>> send) {
    return exchange.open(instance, HttpMethod.POST, ComfyProtocol.PROMPT).compose(
      request -> send.apply(guard.prove(request, Purpose.RUN, id, attempt))
        .map(answer -> posting(id, answer))
        .otherwise(failure -> noAnswer(failure)),
      failure -> Future.succeededFuture(new PostResult.Unreachable(String.valueOf(failure.getMessage()),
        NotComfyUi.of(failure))));
  }

  /**
   * Fences off earlier attempts that are still in transit, if the instance has a guard; otherwise does nothing.
   */
  public Future<Void> fence(Instance instance, TaskId id, int attempt) {
    return guard.fence(instance, id, attempt);
  }

  /**
   * The state of the task at the instance. Reads the queue before the history, since a task only moves in this
   * direction. The guard may remember what is in neither.
   */
  public Future<RunState> whereabouts(Instance instance, TaskId id) {
    return exchange.open(instance, HttpMethod.GET, ComfyProtocol.QUEUE)
      .compose(request -> exchange.read(request, new QueueParser()))
      .compose(queue -> {
        if (queue.isRunning(id)) {
          return Future.succeededFuture(new RunState.Running());
        }
        return queue.isPending(id) ? Future.succeededFuture(new RunState.Pending(queue.running()))
          : history(instance, id);
      });
  }

  /**
   * All runs of ours that the instance has: its queue, and the latest of its history. Reads the queue first: a run only
   * moves from there to the history, so it may be seen twice, but is never missed.
   */
  public Future<List<OwnRun>> ours(Instance instance) {
    return exchange.open(instance, HttpMethod.GET, ComfyProtocol.QUEUE)
      .compose(request -> exchange.read(request, OwnRunsParser.ofQueue()))
      .compose(queue -> exchange.open(instance, HttpMethod.GET, ComfyProtocol.HISTORIES + "?max_items=" + LATEST)
        .compose(request -> exchange.read(request, OwnRunsParser.ofHistory()))
        .map(history -> Stream.concat(queue.found().stream(), history.found().stream()).toList()));
  }

  /** Requests the instance to stop this task only; a response does not mean that it has stopped. */
  public Future<Void> interrupt(Instance instance, TaskId id) {
    return command(instance, ComfyProtocol.INTERRUPT, new JsonObject().put(PromptRequest.PROMPT_ID, id.value()));
  }

  /** Removes the task from the instance's own queue; does nothing if it is not there. */
  public Future<Void> delete(Instance instance, TaskId id) {
    return command(instance, ComfyProtocol.QUEUE, new JsonObject().put("delete", new JsonArray().add(id.value())));
  }

  /** How many tasks wait and run at the instance, of all clients. Fails if it does not answer like a ComfyUI. */
  public Future<Integer> remaining(Instance instance) {
    return exchange.open(instance, HttpMethod.GET, ComfyProtocol.PROMPT)
      .compose(request -> exchange.finish(request, Buffer.buffer()))
      .map(ComfyClient::remaining);
  }

  private static int remaining(Answer answer) {
    if (answer.status() != 200) {
      throw ComfyException.answered(ComfyProtocol.PROMPT, answer.status(), answer.location());
    }
    try {
      return new JsonObject(answer.body()).getJsonObject("exec_info").getInteger("queue_remaining");
    } catch (DecodeException | ClassCastException | NullPointerException notComfy) {
      throw ComfyException.otherBody(ComfyProtocol.PROMPT, answer.contentType());
    }
  }

  private static PostResult noAnswer(Throwable failure) {
    return new PostResult.Unknown(String.valueOf(failure.getMessage()),
      failure instanceof TimeoutException ? Sign.NO_ANSWER : Sign.CUT);
  }

  private static PostResult posting(TaskId id, Answer answer) {
    return switch (answer.status()) {
      case 200 -> accepted(id, answer.body());
      case 400 -> ComfyErrors.ofRefusal(answer.body());
      case 401, 403, 404, 405, 413 -> new PostResult.Failed(ComfyErrors.ofRejection(answer.body()));
      case GuardProtocol.REFUSES_ATTEMPT ->
        new PostResult.Unknown("its guard does not take this attempt", Sign.OTHER_ANSWER);
      default -> new PostResult.Unknown(String.valueOf(answer.status()), Sign.ERROR);
    };
  }

  private static PostResult accepted(TaskId id, Buffer body) {
    try {
      Map<String, String> members = PythonJson.members(body.toString());
      String theirs = members.getOrDefault(PromptRequest.PROMPT_ID, "");
      if (!theirs.equals("\"" + id + "\"")) {
        return new PostResult.Failed(new TaskError("instance_too_old",
          "The instance ran the workflow under an id of its own (%s). Anteroom needs ComfyUI %s or newer."
            .formatted(theirs, ComfyProtocol.HONOURS_PROMPT_ID)));
      }
      String nodeErrors = members.getOrDefault(ComfyErrors.NODE_ERRORS, "{}");
      return new PostResult.Accepted(nodeErrors.startsWith("{") ? nodeErrors : "{}");
    } catch (DecodeException notComfy) {
      return new PostResult.Unknown("it answered 200, but not as ComfyUI does", Sign.OTHER_ANSWER);
    }
  }

  private Future<RunState> history(Instance instance, TaskId id) {
    return exchange.open(instance, HttpMethod.GET, ComfyProtocol.HISTORY + id.value())
      .compose(request -> exchange.read(request, new HistoryParser()))
      .map(HistoryParser::runState)
      .compose(seen -> seen instanceof RunState.Absent ? guard.remembered(instance, id)
        : Future.succeededFuture(seen));
  }

  private Future<Void> command(Instance instance, String path, JsonObject what) {
    return exchange.open(instance, HttpMethod.POST, path)
      .compose(request -> exchange.finish(request, what.toBuffer()))
      .compose(answer -> answer.status() == 200
        ? Future.succeededFuture()
        : Future.failedFuture(ComfyException.answered(path, answer.status(), answer.location())));
  }
}
