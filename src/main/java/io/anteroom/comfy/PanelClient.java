package io.anteroom.comfy;

import io.anteroom.comfy.http.HttpExchange;
import io.anteroom.comfy.http.HttpExchange.Answer;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.comfy.json.RawListParser;
import io.anteroom.comfy.json.RawListParser.Item;
import io.anteroom.comfy.json.ResponseBudget;
import io.anteroom.comfy.json.ResponseBudget.Account;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.directory.Instance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Reads and changes what ComfyUI's page shows of an instance. Every response is bounded in time and size, and counts as
 * memory of its reader until their account is closed.
 */
public final class PanelClient {
  /** Two hundred entries with graphs of 300 KB each. */
  private static final int MAX_BYTES = 64 << 20;

  private final HttpExchange exchange;
  private final ResponseBudget budget;

  /**
   * @param connectTimeout timeout for connecting
   * @param trust          for instances with {@code https://}
   * @param answerTimeout  timeout for a response
   */
  public PanelClient(Vertx vertx, Duration connectTimeout, TlsTrust trust, Duration answerTimeout) {
    budget = ResponseBudget.of(vertx);
    exchange = new HttpExchange(vertx, connectTimeout, trust, answerTimeout);
  }

  /** A response about jobs: its status, and its object if that is 200. */
  public record Jobs(int status, JsonObject body) {
    public boolean isThere() {
      return status == 200;
    }
  }

  /** Its running and pending runs. */
  public Future<List<Item>> queue(Account account, Instance instance) {
    return get(account, instance, ComfyProtocol.QUEUE).map(answer -> RawListParser.queue(answer.body()));
  }

  /** The latest entries of its history, oldest first. */
  public Future<List<Item>> history(Account account, Instance instance, int max) {
    return get(account, instance, ComfyProtocol.HISTORIES + "?max_items=" + max)
      .map(answer -> RawListParser.history(answer.body()));
  }

  /** The entry of one run; empty if there is none. */
  public Future<List<Item>> entry(Account account, Instance instance, String id) {
    return get(account, instance, ComfyProtocol.HISTORY + HttpExchange.segment(id))
      .map(answer -> RawListParser.history(answer.body()));
  }

  /** @param query with its question mark */
  public Future<Jobs> jobs(Account account, Instance instance, String query) {
    return ask(account, instance, HttpMethod.GET, ComfyProtocol.JOBS + query, Buffer.buffer())
      .map(answer -> jobs(account, answer));
  }

  /** One of its jobs. */
  public Future<Jobs> job(Account account, Instance instance, String id) {
    return jobs(account, instance, "/" + HttpExchange.segment(id));
  }

  /** Deletes these entries of its history; ignores those that it does not have. */
  public Future<Void> deleteFromHistory(Instance instance, Collection<String> ids) {
    return delete(instance, ComfyProtocol.HISTORIES, ids);
  }

  /** Removes these runs from its own queue; ignores those that are not pending there. */
  public Future<Void> deleteFromQueue(Instance instance, Collection<String> ids) {
    return delete(instance, ComfyProtocol.QUEUE, ids);
  }

  /** The URLs of the scripts that extend its page. */
  public Future<List<String>> extensions(Account account, Instance instance) {
    return get(account, instance, ComfyProtocol.EXTENSIONS).map(PanelClient::strings);
  }

  /** The files in its folder of that name, {@code output} or {@code temp}, as this release writes them. */
  public Future<List<String>> files(Account account, Instance instance, String folder) {
    return get(account, instance, ComfyProtocol.FILES + folder).map(PanelClient::strings);
  }

  /** Stops a run if it is running there now. */
  public Future<Void> interrupt(Instance instance, String id) {
    return post(instance, ComfyProtocol.INTERRUPT, new JsonObject().put(PromptRequest.PROMPT_ID, id));
  }

  private Future<Void> delete(Instance instance, String path, Collection<String> ids) {
    return ids.isEmpty() ? Future.succeededFuture()
      : post(instance, path, new JsonObject().put("delete", new JsonArray(List.copyOf(ids))));
  }

  private Future<Void> post(Instance instance, String path, JsonObject body) {
    Account account = budget.open("instance " + instance.name());
    return ask(account, instance, HttpMethod.POST, path, body.toBuffer())
      .onComplete(done -> account.close()).compose(answer -> ok(path, answer)).mapEmpty();
  }

  private Future<Answer> get(Account account, Instance instance, String path) {
    return ask(account, instance, HttpMethod.GET, path, Buffer.buffer()).compose(answer -> ok(path, answer));
  }

  private Future<Answer> ask(Account account, Instance instance, HttpMethod method, String path, Buffer body) {
    return exchange.open(instance, method, path)
      .compose(request -> exchange.begin(request, body, MAX_BYTES, account))
      .compose(answer -> answer.whole() ? Future.succeededFuture(answer)
        : Future.failedFuture(new ComfyException(path + " answered more than %d bytes".formatted(MAX_BYTES))));
  }

  private static Future<Answer> ok(String path, Answer answer) {
    return answer.status() == 200 ? Future.succeededFuture(answer)
      : Future.failedFuture(ComfyException.answered(path, answer.status(), answer.location()));
  }

  private static List<String> strings(Answer answer) {
    return new JsonArray(answer.body()).stream().map(String.class::cast).toList();
  }

  private static Jobs jobs(Account account, Answer answer) {
    try {
      return new Jobs(answer.status(), PythonJson.object(answer.body(), account));
    } catch (DecodeException notAnObject) {
      return new Jobs(answer.status() == 200 ? 500 : answer.status(), new JsonObject());
    }
  }
}
