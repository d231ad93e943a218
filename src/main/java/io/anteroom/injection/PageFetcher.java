package io.anteroom.injection;

import static io.vertx.core.http.HttpHeaders.ACCEPT;
import static io.vertx.core.http.HttpHeaders.ACCEPT_ENCODING;
import static io.vertx.core.http.HttpHeaders.CONTENT_ENCODING;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;
import static io.vertx.core.http.HttpHeaders.SET_COOKIE;

import io.anteroom.config.Instance;
import io.anteroom.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches pages as a stranger would: no validators, so that the answer is never 304; no cookies, so that it is
 * nobody's own; no compression, so that it can be read. Never holds more than the cap.
 */
final class PageFetcher {
  static final int CAP = 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(PageFetcher.class);

  /** With an instance; with it and a free connection twice that, still less than the one who asks over the bus has. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final HttpClient client;

  PageFetcher(Vertx vertx, Settings.Instances settings) {
    client = vertx.createHttpClient(
      settings.trust().applyTo(new HttpClientOptions().setConnectTimeout((int) settings.connectTimeout().toMillis())),
      new PoolOptions().setMaxWaitQueueSize(64));
  }

  /** The page; fails with {@link NoPage} when there is nothing that could carry our script. */
  Future<Original> fetch(Instance instance, String uri) {
    return client.request(options(instance, uri))
      .compose(this::send)
      .timeout(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
      .recover(failure -> Future.failedFuture(
        failure instanceof NoPage ? failure : new NoPage(Verdict.INSTANCE_UNREACHABLE)));
  }

  Future<Void> close() {
    return client.close();
  }

  private static RequestOptions options(Instance instance, String uri) {
    String path = Optional.ofNullable(instance.url().getRawPath()).orElse("").replaceAll("/+$", "");
    return new RequestOptions()
      .setHost(instance.url().getHost())
      .setPort(instance.port())
      .setSsl(instance.isTls())
      .setURI(path + uri)
      .putHeader(ACCEPT, "text/html")
      .putHeader(ACCEPT_ENCODING, "identity");
  }

  private Future<Original> send(HttpClientRequest request) {
    return request.send()
      .compose(PageFetcher::read)
      .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
      .onFailure(failure -> request.reset());
  }

  private static Future<Original> read(HttpClientResponse response) {
    response.exceptionHandler(known -> log.debug("An instance's page broke off, or was broken off", known));
    return refusal(response)
      .<Future<Original>>map(reason -> Future.failedFuture(new NoPage(reason)))
      .orElseGet(() -> collect(response).compose(body -> plain(response, body)));
  }

  private static Optional<Verdict> refusal(HttpClientResponse response) {
    String type = Optional.ofNullable(response.getHeader(CONTENT_TYPE)).orElse("").toLowerCase(Locale.ROOT);
    String encoding = response.getHeader(CONTENT_ENCODING);
    if (response.statusCode() != 200) {
      return Optional.of(Verdict.STATUS_NOT_200);
    }
    if (!type.matches("text/html\\s*(;.*)?")) {
      return Optional.of(Verdict.NOT_HTML);
    }
    if (encoding != null && !encoding.equalsIgnoreCase("gzip")) {
      return Optional.of(Verdict.ENCODED);
    }
    return response.headers().contains(SET_COOKIE) ? Optional.of(Verdict.SETS_COOKIE) : Optional.empty();
  }

  private static Future<Buffer> collect(HttpClientResponse response) {
    Buffer body = Buffer.buffer();
    response.handler(chunk -> {
      if (body.length() <= CAP && body.appendBuffer(chunk).length() > CAP) {
        response.request().reset();
      }
    });
    return response.end().compose(
      ended -> body.length() > CAP ? tooLarge() : Future.succeededFuture(body),
      failure -> body.length() > CAP ? tooLarge() : Future.failedFuture(failure));
  }

  private static Future<Buffer> tooLarge() {
    return Future.failedFuture(new NoPage(Verdict.TOO_LARGE));
  }

  private static Future<Original> plain(HttpClientResponse response, Buffer body) {
    if (response.getHeader(CONTENT_ENCODING) == null) {
      return Future.succeededFuture(new Original(response.headers(), body));
    }
    return Gunzip.inflate(body, CAP)
      .map(inflated -> Future.succeededFuture(new Original(response.headers(), inflated)))
      .orElseGet(() -> Future.failedFuture(new NoPage(Verdict.ENCODED)));
  }
}
