package io.anteroom.comfy.http;

import io.anteroom.comfy.json.JsonStream;
import io.anteroom.comfy.json.ResponseBudget;
import io.anteroom.comfy.json.ResponseBudget.Account;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.directory.Instance;
import io.anteroom.task.ApiException;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.buffer.BufferInternal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request to an instance and its response, bounded in time and in size. */
public final class HttpExchange {
  private static final Logger log = LoggerFactory.getLogger(HttpExchange.class);

  /** Bound of short responses; ComfyUI sends no longer ones there. */
  public static final int SHORT_ANSWER = 1024 * 1024;

  /** Bound of a queue or a history entry with its graphs; more is a faulty instance. */
  private static final long MAX_LONG_ANSWER = 512L * 1024 * 1024;

  private static final String JSON = "application/json";
  /** To one instance. */
  private static final int MAX_CONNECTIONS = 8;
  private static final int MAX_WAITING = 256;
  /** What a chunk of a response takes in memory besides its bytes. */
  private static final int OVERHEAD = 256;

  private final HttpClient http;
  private final Duration timeout;
  private final ResponseBudget budget;

  /** @param trust for instances with {@code https://} */
  public HttpExchange(Vertx vertx, Duration connectTimeout, TlsTrust trust, Duration timeout) {
    this.timeout = timeout;
    this.budget = ResponseBudget.of(vertx);
    http = HttpClients.create(vertx,
      trust.applyTo(new HttpClientOptions().setConnectTimeout((int) connectTimeout.toMillis())),
      new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING));
  }

  /** A response. {@code whole} is false when it was longer than the bound, and not read to its end. */
  public record Answer(int status, String contentType, String location, Buffer body, boolean whole) {
  }

  /** Any text as one segment of a path. */
  public static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A request on an open connection; nothing is sent yet. */
  public Future<HttpClientRequest> open(Instance instance, HttpMethod method, String path) {
    return http.request(HttpClients.directTo(instance, path, new RequestOptions().setMethod(method)));
  }

  /** Sends it and reads the whole of a short response; fails when the response is long. */
  public Future<Answer> finish(HttpClientRequest request, Buffer body) {
    return begin(request, body, SHORT_ANSWER).compose(HttpExchange::whole);
  }

  /** The same part by part. A response that comes before the last part counts. */
  public Future<Answer> stream(HttpClientRequest request, Content content) {
    Account account = accountOf(request);
    request.putHeader("Content-Type", JSON).putHeader("Content-Length", Long.toString(content.length()));
    Future<Answer> answer = request.response().onSuccess(HttpExchange::listenForBreak)
      .compose(response -> collect(response, SHORT_ANSWER, account));
    content.writeTo(request::write).compose(written -> request.end()).onFailure(broken -> request.reset());
    return limited(request, answer).compose(HttpExchange::whole).onComplete(done -> account.close());
  }

  private static Future<Answer> whole(Answer answer) {
    return answer.whole() ? Future.succeededFuture(answer)
      : Future.failedFuture(new ComfyException("its answer is longer than %d bytes".formatted(SHORT_ANSWER)));
  }

  /** Sends it and reads the response, or about {@code max} bytes of a longer one; for responses parsed at once. */
  public Future<Answer> begin(HttpClientRequest request, Buffer body, int max) {
    Account account = accountOf(request);
    return begin(request, body, max, account).onComplete(done -> account.close());
  }

  private Account accountOf(HttpClientRequest request) {
    return budget.open("instance " + request.connection().remoteAddress());
  }

  /** The same for responses that are kept: their memory counts until the account is closed. */
  public Future<Answer> begin(HttpClientRequest request, Buffer body, int max, Account account) {
    return limited(request, answer(request, body).compose(response -> collect(response, max, account)));
  }

  /** How long a response is. {@code whole} is false when it is longer than the bound. */
  public record Length(int status, long bytes, boolean whole) {
  }

  /** Sends it and counts the bytes of the response, of which nothing is kept. */
  public Future<Length> measure(HttpClientRequest request, long max) {
    return limited(request, answer(request, Buffer.buffer()).compose(response -> {
      long[] length = {0};
      return readAll(response, chunk -> (length[0] += chunk.length()) <= max)
        .map(whole -> new Length(response.statusCode(), length[0], whole));
    }));
  }

  /** Sends it and streams a long response, event by event, to this reader. */
  public <R extends Handler<JsonStream.Event>> Future<R> read(HttpClientRequest request, R reader) {
    return limited(request, answer(request, Buffer.buffer())
      .compose(response -> parse(response, new JsonStream(reader))).map(reader));
  }

  private static Future<HttpClientResponse> answer(HttpClientRequest request, Buffer body) {
    return request.putHeader("Content-Type", JSON).send(body).onSuccess(HttpExchange::listenForBreak);
  }

  private <T> Future<T> limited(HttpClientRequest request, Future<T> answer) {
    return answer.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS).onFailure(failure -> request.reset());
  }

  private static Future<Answer> collect(HttpClientResponse response, int max, Account account) {
    if (!ComfyProtocol.isFinalStatus(response.statusCode())) {
      return response.request().connection().close().transform(closed ->
        Future.failedFuture(new ComfyException("it answered with status " + response.statusCode())));
    }
    CompositeByteBuf body = new CompositeByteBuf(UnpooledByteBufAllocator.DEFAULT, false, Integer.MAX_VALUE);
    String contentType = Optional.ofNullable(response.getHeader("Content-Type")).orElse("");
    String location = Optional.ofNullable(response.getHeader("Location")).orElse("");
    return readAll(response, chunk -> {
      account.take(chunk.length() + OVERHEAD);
      body.addComponent(true, ((BufferInternal) chunk).getByteBuf());
      return body.readableBytes() <= max;
    }).map(whole ->
      new Answer(response.statusCode(), contentType, location, BufferInternal.buffer(body), whole));
  }

  private static Future<Void> parse(HttpClientResponse response, JsonStream stream) {
    if (response.statusCode() != 200) {
      return Future.failedFuture(ComfyException.answered("it", response.statusCode(),
        Optional.ofNullable(response.getHeader("Location")).orElse("")));
    }
    long[] length = {0};
    return readAll(response, chunk -> {
      length[0] += chunk.length();
      stream.feed(chunk);
      return length[0] <= MAX_LONG_ANSWER;
    }).map(whole -> {
      if (!whole) {
        throw new ComfyException("its answer is longer than %d bytes".formatted(MAX_LONG_ANSWER));
      }
      stream.end();
      return null;
    });
  }

  /**
   * Passes every chunk to {@code taker} until it returns false or fails; the rest is not read, so that many chunks
   * cause one failure.
   *
   * @return whether the response was read to its end
   */
  private static Future<Boolean> readAll(HttpClientResponse response, Predicate<Buffer> taker) {
    return Future.future(read -> {
      response.handler(chunk -> take(response, chunk, taker, read));
      response.end().onComplete(ended -> read.tryComplete(true), read::tryFail);
    });
  }

  private static void take(HttpClientResponse response, Buffer chunk, Predicate<Buffer> taker, Promise<Boolean> read) {
    if (read.future().isComplete()) {
      return;
    }
    try {
      if (taker.test(chunk)) {
        return;
      }
      read.tryComplete(false);
    } catch (ComfyException | ApiException broken) {
      read.tryFail(broken);
    }
    response.request().reset();
  }

  /** Without a handler Vert.x logs a reset as an error that names no instance; the caller logs the outcome. */
  private static void listenForBreak(HttpClientResponse response) {
    response.exceptionHandler(cut -> log.debug("An instance's response broke off, or was reset: address={} cause={}",
      response.request().absoluteURI(), cut.getMessage()));
  }

  /** A request body that is too large to be in memory as a whole. */
  public interface Content {
    /** In bytes. */
    long length();

    /** Passes all of it, in order, to {@code out}, and waits until each part is written (backpressure). */
    Future<Void> writeTo(Function<Buffer, Future<Void>> out);
  }
}
