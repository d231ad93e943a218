package io.anteroom.comfy.objectinfo;

import io.anteroom.comfy.ComfyErrors;
import io.anteroom.comfy.GuardClient;
import io.anteroom.comfy.http.HttpExchange;
import io.anteroom.comfy.http.HttpExchange.Answer;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.comfy.json.ResponseBudget.Account;
import io.anteroom.comfy.objectinfo.NodeClasses.NodeClass;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.comfy.protocol.ComfyProtocol.Release;
import io.anteroom.comfy.protocol.GuardProtocol;
import io.anteroom.comfy.protocol.GuardProtocol.Purpose;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.directory.Instance;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Requests the node classes of an instance. It computes them on its own event loop, so requests should be rare. */
public final class ObjectInfoClient {
  /** Large installations have some ten million bytes; larger ones are not held in memory. */
  public static final int MAX_BYTES = 32 << 20;

  private static final String JSON = "application/json";

  private final HttpExchange exchange;
  private final GuardClient guard;
  private final Duration timeout;

  /**
   * @param connectTimeout timeout for connecting
   * @param trust          for instances with {@code https://}
   * @param timeout        for a whole request
   */
  public ObjectInfoClient(Vertx vertx, Duration connectTimeout, TlsTrust trust, Duration timeout) {
    this(vertx, connectTimeout, trust, timeout, Optional.empty());
  }

  /** With the secret of the guards. */
  public ObjectInfoClient(Vertx vertx, Duration connectTimeout, TlsTrust trust, Duration timeout,
      Optional<String> guardSecret) {
    this.exchange = new HttpExchange(vertx, connectTimeout, trust, timeout);
    this.guard = new GuardClient(exchange, guardSecret);
    this.timeout = timeout;
  }

  /**
   * The whole text; fails if there is none, if it is longer than {@link #MAX_BYTES}, or if it is not JSON.
   *
   * @param account holds its memory until it is closed
   */
  public Future<Buffer> text(Instance instance, Account account) {
    return exchange.open(instance, HttpMethod.GET, ComfyProtocol.OBJECT_INFO)
      .compose(request -> exchange.begin(request, Buffer.buffer(), MAX_BYTES, account))
      .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
      .compose(answer -> isObject(answer)
      ? Future.succeededFuture(answer.body())
      : Future.failedFuture(new ComfyException("its /object_info is too long or not JSON")));
  }

  /** Its version; empty if unknown. */
  Future<Optional<Release>> release(Instance instance) {
    return shortly(instance, ComfyProtocol.SYSTEM_STATS)
      .map(answer -> json(answer).flatMap(stats -> stats.getValue("system") instanceof JsonObject system
        ? Release.of(String.valueOf(system.getValue("comfyui_version"))) : Optional.empty()));
  }

  /**
   * The current declaration of one class; empty if the instance neither has it nor replaces it by another. Fails if
   * that is uncertain.
   */
  Future<Optional<NodeClass>> nodeClass(Instance instance, String name) {
    return shortly(instance, ComfyProtocol.OBJECT_INFO + "/" + HttpExchange.segment(name))
      .compose(answer -> isObject(answer)
        ? Future.succeededFuture(ObjectInfoParser.read(answer.body()))
        : Future.failedFuture(new ComfyException("it does not say what " + name + " is")))
      .compose(found -> found.containsKey(name) ? Future.succeededFuture(Optional.of(found.get(name)))
        : missing(instance, name));
  }

  private Future<Optional<NodeClass>> missing(Instance instance, String name) {
    return shortly(instance, ComfyProtocol.NODE_REPLACEMENTS).compose(answer -> answer.status() == 404
      || json(answer).map(replaced -> !replaced.containsKey(name)).orElse(false)
        ? Future.succeededFuture(Optional.empty())
        : Future.failedFuture(new ComfyException("it may take another class for " + name)));
  }

  /** Whether it has a guard that supports dry runs. */
  public Future<Boolean> judges(Instance instance) {
    return shortly(instance, GuardProtocol.STATE).map(answer -> json(answer)
      .map(state -> state.getValue(GuardProtocol.VERSION) instanceof Number version
        && version.intValue() >= GuardProtocol.DRY_RUN_VERSION).orElse(false));
  }

  /** Why it would refuse this request for {@code /prompt}, with its whole response as the report. */
  public Future<Optional<TaskError>> dryRun(Instance instance, TaskId id, String request) {
    return exchange.open(instance, HttpMethod.POST, GuardProtocol.DRY_RUN)
      .compose(open -> exchange.finish(guard.prove(open, Purpose.DRY_RUN, id), Buffer.buffer(request)))
      .compose(answer -> switch (answer.status()) {
        case 200 -> Future.succeededFuture(Optional.empty());
        case 400 -> Future.succeededFuture(Optional.of(ComfyErrors.ofRefusal(answer.body()).whole()));
        default -> Future.failedFuture(new ComfyException("its guard answered " + answer.status()));
      });
  }

  private Future<Answer> shortly(Instance instance, String path) {
    return exchange.open(instance, HttpMethod.GET, path)
      .compose(request -> exchange.begin(request, Buffer.buffer(), HttpExchange.SHORT_ANSWER))
      .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static boolean isObject(Answer answer) {
    return answer.status() == 200 && answer.whole() && answer.body().length() > 1 && answer.body().getByte(0) == '{'
      && answer.contentType().toLowerCase(Locale.ROOT).startsWith(JSON);
  }

  private static Optional<JsonObject> json(Answer answer) {
    try {
      return isObject(answer) ? Optional.of(PythonJson.object(answer.body().toString())) : Optional.empty();
    } catch (DecodeException notAnObject) {
      return Optional.empty();
    }
  }
}
