package io.anteroom.edge.auth.jwt;

import io.anteroom.net.Loopback;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to identity providers: over https, or http to loopback; bounded in time and in size, and without
 * following redirects (SSRF). Not by vertx-web-client, which buffers responses of any size and does not reset a request
 * whose response comes too slowly.
 */
public final class ProviderClient {
  private static final Logger log = LoggerFactory.getLogger(ProviderClient.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_RESPONSE_BYTES = 1 << 20;

  private final HttpClient http;
  private final Duration timeout;

  public ProviderClient(Vertx vertx) {
    this(vertx, TIMEOUT);
  }

  ProviderClient(Vertx vertx, Duration timeout) {
    this.timeout = timeout;
    http = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout((int) TIMEOUT.toMillis()));
  }

  /** A response of any status. */
  public record Reply(int status, String contentType, String body) {
  }

  /** The response; fails with {@link Unusable} when it is too long, with another failure when there is none for now. */
  public Future<Reply> get(URI address) {
    return send(HttpMethod.GET, address, Map.of(), Buffer.buffer());
  }

  /** The response to a form, likewise. */
  public Future<Reply> post(URI address, Map<String, String> headers, String body) {
    return send(HttpMethod.POST, address, headers, Buffer.buffer(body));
  }

  /** The body of a response with status 200; fails with {@link Unusable} at any other status below 500. */
  public Future<String> page(URI address) {
    return get(address).compose(reply -> {
      if (reply.status() == 200) {
        return Future.succeededFuture(reply.body());
      }
      return Future.failedFuture(reply.status() >= 500
        ? new IllegalStateException("it responded with %d".formatted(reply.status()))
        : new Unusable("it responded with %d, expected 200; redirects are not followed".formatted(reply.status())));
    });
  }

  private Future<Reply> send(HttpMethod method, URI address, Map<String, String> headers, Buffer body) {
    if (!isSafe(address)) {
      return Future.failedFuture(new Unusable("expected an https URL, not '%s'".formatted(address)));
    }
    RequestOptions options = new RequestOptions().setMethod(method).setAbsoluteURI(address.toString())
      .putHeader("Accept", "application/json").setFollowRedirects(false);
    headers.forEach(options::putHeader);
    return http.request(options)
      .compose(request -> request.send(body).compose(response -> collect(response))
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS).onFailure(failure -> request.reset()))
      .timeout(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether a request, or a browser, may be sent to this URL. */
  public static boolean isSafe(URI address) {
    return address != null && address.getHost() != null
      && ("https".equals(address.getScheme()) || "http".equals(address.getScheme()) && Loopback.is(address.getHost()));
  }

  private static Future<Reply> collect(HttpClientResponse response) {
    HttpClientRequest request = response.request();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(cut -> log.debug("A response broke off, or was reset", cut));
    response.handler(chunk -> {
      body.appendBuffer(chunk);
      if (body.length() > MAX_RESPONSE_BYTES) {
        request.reset();
      }
    });
    return response.end()
      .recover(cut -> Future.failedFuture(body.length() > MAX_RESPONSE_BYTES
        ? new Unusable("its response is longer than %d bytes".formatted(MAX_RESPONSE_BYTES)) : cut))
      .map(ended -> new Reply(response.statusCode(),
        Objects.requireNonNullElse(response.getHeader("Content-Type"), ""), body.toString(StandardCharsets.UTF_8)));
  }

  /** A response or a file was read and is invalid: to try again is useless until it is corrected. */
  public static final class Unusable extends RuntimeException {
    /** @param why what was expected, or what is wrong */
    public Unusable(String why) {
      super(why, null, false, false);
    }
  }
}
