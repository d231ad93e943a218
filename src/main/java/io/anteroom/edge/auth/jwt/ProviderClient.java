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
 * Asks the services that vouch for somebody: over https, or http on this machine; for so long, for so much, and without
 * following anybody elsewhere.
 */
public final class ProviderClient {
  private static final Logger log = LoggerFactory.getLogger(ProviderClient.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int LONGEST_ANSWER = 1 << 20;

  private final HttpClient http;
  private final Duration patience;

  public ProviderClient(Vertx vertx) {
    this(vertx, PATIENCE);
  }

  ProviderClient(Vertx vertx, Duration patience) {
    this.patience = patience;
    http = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout((int) PATIENCE.toMillis()));
  }

  /** What came back, whatever its status. */
  public record Reply(int status, String contentType, String body) {
  }

  /** The answer; fails with {@link Unusable} when it is too long, otherwise when there is none for now. */
  public Future<Reply> get(URI address) {
    return ask(HttpMethod.GET, address, Map.of(), Buffer.buffer());
  }

  /** The answer to a form, likewise. */
  public Future<Reply> post(URI address, Map<String, String> headers, String body) {
    return ask(HttpMethod.POST, address, headers, Buffer.buffer(body));
  }

  /** What was asked for; fails as long as somebody else than the one asked is in the way. */
  public Future<String> page(URI address) {
    return get(address).compose(reply -> {
      if (reply.status() == 200) {
        return Future.succeededFuture(reply.body());
      }
      return Future.failedFuture(reply.status() >= 500
        ? new IllegalStateException("it answered %d".formatted(reply.status()))
        : new Unusable("it answered %d, right would be 200; nobody is followed elsewhere".formatted(reply.status())));
    });
  }

  private Future<Reply> ask(HttpMethod method, URI address, Map<String, String> headers, Buffer body) {
    if (!isSafe(address)) {
      return Future.failedFuture(new Unusable("right would be an https address, not '%s'".formatted(address)));
    }
    RequestOptions options = new RequestOptions().setMethod(method).setAbsoluteURI(address.toString())
      .putHeader("Accept", "application/json").setFollowRedirects(false);
    headers.forEach(options::putHeader);
    return http.request(options)
      .compose(request -> request.send(body).compose(response -> collect(response))
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS).onFailure(failure -> request.reset()))
      .timeout(2 * patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether anybody may be asked, or sent, there. */
  public static boolean isSafe(URI address) {
    return address != null && address.getHost() != null
      && ("https".equals(address.getScheme()) || "http".equals(address.getScheme()) && Loopback.is(address.getHost()));
  }

  private static Future<Reply> collect(HttpClientResponse response) {
    HttpClientRequest request = response.request();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(cut -> log.debug("An answer broke off, or was broken off", cut));
    response.handler(chunk -> {
      body.appendBuffer(chunk);
      if (body.length() > LONGEST_ANSWER) {
        request.reset();
      }
    });
    return response.end()
      .recover(cut -> Future.failedFuture(body.length() > LONGEST_ANSWER
        ? new Unusable("its answer is longer than %d bytes".formatted(LONGEST_ANSWER)) : cut))
      .map(ended -> new Reply(response.statusCode(),
        Objects.requireNonNullElse(response.getHeader("Content-Type"), ""), body.toString(StandardCharsets.UTF_8)));
  }

  /** Says that an answer or a file was read and is of no use: it is vain to try again before somebody mends it. */
  public static final class Unusable extends RuntimeException {
    /** @param why what would be right, or what is wrong */
    public Unusable(String why) {
      super(why, null, false, false);
    }
  }
}
