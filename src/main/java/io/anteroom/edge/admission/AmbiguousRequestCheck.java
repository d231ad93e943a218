package io.anteroom.edge.admission;

import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.HeaderFilter;
import io.anteroom.task.ApiException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rejects requests that two servers could frame or route differently (request smuggling, RFC 9112 section 6.3).
 *
 * <p>A server in front of Anteroom or behind it would otherwise see another request than Anteroom does: another host,
 * another origin, or a second request in the body of the first. After such a request nothing else on its connection can
 * be trusted. What cannot be decoded at all is rejected before, by {@link StrictRequestDecoder}.
 */
public final class AmbiguousRequestCheck {
  /** Headers that decide how a request is framed, routed or authorized, and so must not be repeated. */
  private static final Set<String> SINGLE = Set.of("host", "origin", "referer", "content-length", "transfer-encoding",
    "content-type", "authorization", "upgrade", "expect", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest",
    "service-worker", "x-anteroom-via");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._~-]+(:\\d{1,5})?|\\[[0-9A-Fa-f:.]+](:\\d{1,5})?");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
  /** Of an old WebSocket draft, for which Netty still reads a body of eight bytes that no header announces. */
  private static final String DRAFT_KEY = "sec-websocket-key1";

  private AmbiguousRequestCheck() {
  }

  /** Why this request is ambiguous; empty when all servers read it alike. */
  public static Optional<ApiException> in(HttpServerRequest request) {
    for (String name : SINGLE) {
      if (request.headers().getAll(name).size() > 1) {
        return Optional.of(EdgeErrors.ambiguous(name, "appears more than once"));
      }
    }
    return host(request).or(() -> length(request)).or(() -> underscore(request.headers()));
  }

  private static Optional<ApiException> host(HttpServerRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    boolean readable = host == null ? request.version() == HttpVersion.HTTP_1_0
      : HOST.matcher(host).matches() && request.authority() != null;
    return readable
      ? Optional.empty() : Optional.of(EdgeErrors.ambiguous("host", "is missing or is not a host and port"));
  }

  private static Optional<ApiException> length(HttpServerRequest request) {
    String coding = request.getHeader(HttpHeaders.TRANSFER_ENCODING);
    if (coding != null && (!coding.equalsIgnoreCase("chunked") || request.version() != HttpVersion.HTTP_1_1)) {
      return Optional.of(EdgeErrors.ambiguous("transfer-encoding", "is not just 'chunked'"));
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && !LENGTH.matcher(length).matches()) {
      return Optional.of(EdgeErrors.ambiguous("content-length", "is not a number of bytes"));
    }
    return request.headers().contains(DRAFT_KEY)
      ? Optional.of(EdgeErrors.ambiguous(DRAFT_KEY, "belongs to a WebSocket version that is no longer used"))
      : Optional.empty();
  }

  /** CGI and its successors read {@code Transfer_Encoding} as {@code Transfer-Encoding}. */
  private static Optional<ApiException> underscore(MultiMap headers) {
    return headers.names().stream()
      .filter(name -> name.indexOf('_') >= 0 && decides(name.toLowerCase(Locale.ROOT).replace('_', '-')))
      .findFirst()
      .map(name -> EdgeErrors.ambiguous(name, "has an underscore in place of a hyphen"));
  }

  private static boolean decides(String name) {
    return SINGLE.contains(name) || HeaderFilter.HOP_BY_HOP.contains(name);
  }
}
