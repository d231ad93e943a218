package io.anteroom.comfy;

import io.anteroom.config.Instance;
import io.anteroom.config.tls.Trust;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.parsetools.JsonEvent;
import io.vertx.core.parsetools.JsonParser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request to an instance and its answer, bounded in time and in size. */
final class Exchange {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  /** Answers to short questions; what is longer is no answer of ComfyUI's. */
  static final int SHORT_ANSWER = 1024 * 1024;

  /** A queue or a history entry with its graphs; more is an instance that went wild. */
  private static final long LONG_ANSWER = 512L * 1024 * 1024;

  private static final int CONNECTIONS = 8;
  private static final int WAITING = 256;

  private final HttpClient http;
  private final Duration timeout;

  /** @param trust for instances with {@code https://} */
  Exchange(Vertx vertx, Duration connectTimeout, Trust trust, Duration timeout) {
    this.timeout = timeout;
    http = vertx.createHttpClient(
      trust.applyTo(new HttpClientOptions().setConnectTimeout((int) connectTimeout.toMillis())),
      new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
  }

  /** What came back. {@code whole} is false when it was longer than wanted, and not read to its end. */
  record Answer(int status, String contentType, String location, Buffer body, boolean whole) {
  }

  /** Any text as one segment of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A request over a connection that has come about; nothing is sent yet. */
  Future<HttpClientRequest> open(Instance instance, HttpMethod method, String path) {
    return http.request(new RequestOptions()
      .setMethod(method)
      .setHost(instance.url().getHost())
      .setPort(instance.port())
      .setSsl(instance.isTls())
      .setURI(instance.basePath() + path));
  }

  /** Sends it and takes the whole of a short answer; fails when the answer is long. */
  Future<Answer> finish(HttpClientRequest request, Buffer body) {
    return begin(request, body, SHORT_ANSWER).compose(answer -> answer.whole()
      ? Future.succeededFuture(answer)
      : Future.failedFuture(new ComfyException("its answer is longer than %d bytes".formatted(SHORT_ANSWER))));
  }

  /** Sends it and takes the answer, or about this much of a longer one. */
  Future<Answer> begin(HttpClientRequest request, Buffer body, int most) {
    return limited(request, request.putHeader("Content-Type", "application/json").send(body)
      .compose(response -> collect(response, most)));
  }

  /** Sends it and hands a long answer, piece by piece, to the reader that is made for it. */
  <R extends Handler<JsonEvent>> Future<R> read(HttpClientRequest request, Function<JsonParser, R> reader) {
    return limited(request, request.send().compose(response -> parse(response, reader)));
  }

  private <T> Future<T> limited(HttpClientRequest request, Future<T> answer) {
    return answer.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS).onFailure(failure -> request.reset());
  }

  private static Future<Answer> collect(HttpClientResponse response, int most) {
    if (!ComfyProtocol.isFinalStatus(response.statusCode())) {
      return response.request().connection().close().transform(closed ->
        Future.failedFuture(new ComfyException("it answered with status " + response.statusCode())));
    }
    Buffer body = Buffer.buffer();
    listenForBreak(response);
    response.handler(chunk -> {
      body.appendBuffer(chunk);
      resetOver(most, body.length(), response);
    });
    String contentType = Optional.ofNullable(response.getHeader("Content-Type")).orElse("");
    String location = Optional.ofNullable(response.getHeader("Location")).orElse("");
    return response.end()
      .recover(cut -> body.length() > most ? Future.succeededFuture() : Future.failedFuture(cut))
      .map(ended -> new Answer(response.statusCode(), contentType, location, body, body.length() <= most));
  }

  private static <R extends Handler<JsonEvent>> Future<R> parse(HttpClientResponse response,
      Function<JsonParser, R> makeReader) {
    listenForBreak(response);
    if (response.statusCode() != 200) {
      return Future.failedFuture(ComfyException.answered("it", response.statusCode(),
        Optional.ofNullable(response.getHeader("Location")).orElse("")));
    }
    JsonParser parser = JsonParser.newParser().objectEventMode().arrayEventMode();
    R reader = makeReader.apply(parser);
    parser.handler(reader);
    long[] length = {0};
    response.handler(chunk -> {
      length[0] += chunk.length();
      parser.handle(chunk);
      resetOver(LONG_ANSWER, length[0], response);
    });
    return response.end().map(done -> {
      parser.end();
      return reader;
    });
  }

  /** Without a handler a reset is an error in the log that names no instance; whoever asked logs what came of it. */
  private static void listenForBreak(HttpClientResponse response) {
    response.exceptionHandler(cut -> log.debug("An instance's answer broke off, or was broken off: address={} cause={}",
      response.request().absoluteURI(), cut.getMessage()));
  }

  private static void resetOver(long most, long length, HttpClientResponse response) {
    if (length > most) {
      response.request().reset();
    }
  }
}
