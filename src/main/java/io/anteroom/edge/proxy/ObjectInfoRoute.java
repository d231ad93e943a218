package io.anteroom.edge.proxy;

import io.anteroom.edge.http.EdgeErrors.InstanceFailure;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.Responses;
import io.anteroom.edge.proxy.GzipCache.Packed;
import io.anteroom.edge.proxy.InstanceRoutes.InstancePart;
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the list of all node classes from a cache: megabytes that the instance computes for each request in the loop
 * that also runs its queue. A browser that has them gets a 304; a list that is too large or invalid is streamed.
 */
public final class ObjectInfoRoute implements InstancePart {
  private static final Logger log = LoggerFactory.getLogger(ObjectInfoRoute.class);
  private static final Set<String> PATHS = Set.of("/object_info", "/api/object_info");
  private static final Pattern GZIP_ACCEPTED = Pattern.compile("(x-)?gzip\\s*(;.*)?");
  private static final Pattern GZIP_REJECTED = Pattern.compile(".*;\\s*q\\s*=\\s*0(\\.0*)?\\s*");
  private static final String GZIP = "gzip";

  private final ObjectInfoService objectInfo;
  private final ReverseProxy proxy;
  private final Duration timeout;

  public ObjectInfoRoute(ObjectInfoService objectInfo, ReverseProxy proxy, Duration timeout) {
    this.objectInfo = objectInfo;
    this.proxy = proxy;
    this.timeout = timeout;
  }

  @Override
  public Optional<Supplier<Future<Void>>> find(HttpServerRequest request, RequestContext context, RawUri uri) {
    return accepts(request, uri) ? Optional.of(() -> send(request, context, uri)) : Optional.empty();
  }

  private static boolean accepts(HttpServerRequest request, RawUri uri) {
    return request.method() == HttpMethod.GET
      && PATHS.contains(uri.meaning())
      && uri.query().isEmpty()
      && !request.headers().contains("Range");
  }

  private Future<Void> send(HttpServerRequest request, RequestContext context, RawUri uri) {
    return objectInfo.fetch(context.home()).compose(
      list -> answer(request, context, list),
      failure -> onFailure(request, context, uri, failure));
  }

  private Future<Void> onFailure(HttpServerRequest request, RequestContext context, RawUri uri, Throwable failure) {
    if (failure instanceof TimeoutException) {
      return Future.failedFuture(InstanceFailure.error(context.home(), failure, timeout));
    }
    log.debug("The node classes are streamed unchanged: instance={} cause={}", context.home().name(),
      failure.getMessage());
    return proxy.forward(request, context, uri);
  }

  /** The response counts as memory of its client, which may read slowly. */
  private static Future<Void> answer(HttpServerRequest request, RequestContext context, Packed list) {
    if (request.response().closed()) {
      return Future.succeededFuture();
    }
    String tag = "W/\"" + list.tag() + "\"";
    HttpServerResponse response = request.response()
      .putHeader(HttpHeaders.ETAG, tag)
      .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
      .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    if (listed(request, HttpHeaders.IF_NONE_MATCH).anyMatch(known -> known.equals(tag) || known.equals("*"))) {
      return Responses.empty(request, 304);
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8");
    context.account().take(acceptsGzip(request) ? list.gzipped().length() : list.plain().length());
    if (!acceptsGzip(request)) {
      return Responses.send(request, list.plain());
    }
    response.putHeader(HttpHeaders.CONTENT_ENCODING, GZIP);
    return Responses.send(request, list.gzipped());
  }

  private static boolean acceptsGzip(HttpServerRequest request) {
    return listed(request, HttpHeaders.ACCEPT_ENCODING).map(coding -> coding.toLowerCase(Locale.ROOT))
      .anyMatch(coding -> GZIP_ACCEPTED.matcher(coding).matches() && !GZIP_REJECTED.matcher(coding).matches());
  }

  private static Stream<String> listed(HttpServerRequest request, CharSequence header) {
    return Arrays.stream(Optional.ofNullable(request.getHeader(header)).orElse("").split(",")).map(String::strip);
  }
}
