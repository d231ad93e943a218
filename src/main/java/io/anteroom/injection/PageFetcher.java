package io.anteroom.injection;

import static io.vertx.core.http.HttpHeaders.ACCEPT;
import static io.vertx.core.http.HttpHeaders.ACCEPT_ENCODING;
import static io.vertx.core.http.HttpHeaders.CONTENT_ENCODING;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;
import static io.vertx.core.http.HttpHeaders.SET_COOKIE;

import io.anteroom.comfy.http.HttpClients;
import io.anteroom.comfy.json.ResponseBudget;
import io.anteroom.config.Settings;
import io.anteroom.directory.Instance;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches pages anonymously: without validators, so that the response is never 304; without cookies, so that it is no
 * user's own; without compression. Never holds more than the cap.
 */
final class PageFetcher {
  static final int CAP = 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(PageFetcher.class);

  /** For the response; twice that with the wait for a connection, still less than the timeout on the bus. */
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  private final HttpClient client;
  private final ResponseBudget budget;

  PageFetcher(Vertx vertx, Settings.Instances settings) {
    budget = ResponseBudget.of(vertx);
    client = HttpClients.create(vertx,
      settings.trust().applyTo(new HttpClientOptions().setConnectTimeout((int) settings.connectTimeout().toMillis())),
      new PoolOptions().setMaxWaitQueueSize(64));
  }

  /** The page; fails with {@link NoPage} if nothing can be injected. */
  Future<Original> fetch(Instance instance, String uri) {
    return client.request(options(instance, uri))
      .compose(request -> send(instance, request))
      .timeout(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
      .recover(failure -> Future.failedFuture(
        failure instanceof NoPage ? failure : new NoPage(InjectionResult.INSTANCE_UNREACHABLE)));
  }

  Future<Void> close() {
    return client.close();
  }

  private static RequestOptions options(Instance instance, String uri) {
    return HttpClients.directTo(instance, uri, new RequestOptions())
      .putHeader(ACCEPT, "text/html")
      .putHeader(ACCEPT_ENCODING, "identity");
  }

  private Future<Original> send(Instance instance, HttpClientRequest request) {
    ResponseBudget.Account account = budget.open("instance " + instance.name());
    return request.send()
      .compose(response -> read(response, account))
      .onComplete(read -> account.close())
      .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
      .onFailure(failure -> request.reset());
  }

  private static Future<Original> read(HttpClientResponse response, ResponseBudget.Account account) {
    response.exceptionHandler(known -> log.debug("The page of an instance was interrupted: address={} cause={}",
      response.request().absoluteURI(), known.toString()));
    return refusal(response)
      .<Future<Original>>map(reason -> Future.failedFuture(new NoPage(reason)))
      .orElseGet(() -> collect(response, account).compose(body -> plain(response, body)));
  }

  private static Optional<InjectionResult> refusal(HttpClientResponse response) {
    String type = Optional.ofNullable(response.getHeader(CONTENT_TYPE)).orElse("").toLowerCase(Locale.ROOT);
    String encoding = response.getHeader(CONTENT_ENCODING);
    if (response.statusCode() != 200) {
      return Optional.of(InjectionResult.STATUS_NOT_200);
    }
    if (!type.matches("text/html\\s*(;.*)?")) {
      return Optional.of(InjectionResult.NOT_HTML);
    }
    if (encoding != null && !encoding.equalsIgnoreCase("gzip")) {
      return Optional.of(InjectionResult.ENCODED);
    }
    return response.headers().contains(SET_COOKIE) ? Optional.of(InjectionResult.SETS_COOKIE) : Optional.empty();
  }

  private static Future<Buffer> collect(HttpClientResponse response, ResponseBudget.Account account) {
    Buffer body = Buffer.buffer();
    return Future.future(read -> {
      response.handler(chunk -> {
        if (!read.future().isComplete() && !takes(body, chunk, account)) {
          read.fail(new NoPage(InjectionResult.TOO_LARGE));
          response.request().reset();
        }
      });
      response.end().onComplete(ended -> read.tryComplete(body), read::tryFail);
    });
  }

  /** Whether the page fits its cap and the free response budget. */
  private static boolean takes(Buffer body, Buffer chunk, ResponseBudget.Account account) {
    try {
      account.take(chunk.length());
      return body.appendBuffer(chunk).length() <= CAP;
    } catch (ApiException full) {
      return false;
    }
  }

  private static Future<Original> plain(HttpClientResponse response, Buffer body) {
    if (response.getHeader(CONTENT_ENCODING) == null) {
      return Future.succeededFuture(new Original(response.headers(), body));
    }
    return Gunzip.inflate(body, CAP)
      .map(inflated -> Future.succeededFuture(new Original(response.headers(), inflated)))
      .orElseGet(() -> Future.failedFuture(new NoPage(InjectionResult.ENCODED)));
  }

  /** Inflates a page that an instance compressed although not requested. */
  static final class Gunzip {
    private Gunzip() {
    }

    /** The inflated bytes; empty if they are truncated, damaged, or more than {@code cap}. */
    static Optional<Buffer> inflate(Buffer compressed, int cap) {
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.getBytes()))) {
        byte[] inflated = in.readNBytes(cap + 1);
        return inflated.length > cap ? Optional.empty() : Optional.of(Buffer.buffer(inflated));
      } catch (IOException damaged) {
        return Optional.empty();
      }
    }
  }

  /** The response cannot be injected: the browser gets it unchanged, through the proxy. */
  static final class NoPage extends RuntimeException {
    private final InjectionResult reason;

    NoPage(InjectionResult reason) {
      super(reason.word(), null, false, false);
      this.reason = reason;
    }

    InjectionResult reason() {
      return reason;
    }
  }

  /** The complete page of an instance, uncompressed. */
  record Original(MultiMap headers, Buffer body) {
  }
}
