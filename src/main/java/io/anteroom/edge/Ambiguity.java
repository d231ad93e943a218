package io.anteroom.edge;

import io.anteroom.task.Refusal;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds what two servers could take for two different requests.
 *
 * <p>Whoever stands in front of us or behind us then judges another request than we do: another host, another origin,
 * or a second request in the body of the first. After such a one nothing that its connection brings can be trusted.
 * Headers with control characters Netty refuses before us.
 */
final class Ambiguity {
  /** What decides over a request, and so must be said once. */
  private static final Set<String> ONCE = Set.of("host", "origin", "referer", "content-length", "transfer-encoding",
    "content-type", "authorization", "upgrade", "expect", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest",
    "service-worker", "x-anteroom-via");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._~-]+(:\\d{1,5})?|\\[[0-9A-Fa-f:.]+](:\\d{1,5})?");

  private Ambiguity() {
  }

  /** Why this request is not one; empty when everybody reads it alike. */
  static Optional<Refusal> in(HttpServerRequest request) {
    for (String name : ONCE) {
      if (request.headers().getAll(name).size() > 1) {
        return Optional.of(Refusals.ambiguous(name, "stands there more than once"));
      }
    }
    return host(request).or(() -> length(request));
  }

  private static Optional<Refusal> host(HttpServerRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    boolean readable = host == null ? request.version() == HttpVersion.HTTP_1_0
      : HOST.matcher(host).matches() && request.authority() != null;
    return readable
      ? Optional.empty() : Optional.of(Refusals.ambiguous("host", "is missing or no host and port"));
  }

  /** Netty takes whatever has a {@code chunked} in it for chunked, and what has none for a request without a body. */
  private static Optional<Refusal> length(HttpServerRequest request) {
    String coding = request.getHeader(HttpHeaders.TRANSFER_ENCODING);
    return coding == null || coding.equalsIgnoreCase("chunked") && request.version() == HttpVersion.HTTP_1_1
      ? Optional.empty() : Optional.of(Refusals.ambiguous("transfer-encoding", "is not just 'chunked'"));
  }
}
