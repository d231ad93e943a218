package io.anteroom.edge.proxy;

import io.anteroom.edge.http.EdgeErrors.InstanceFailure;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.Responses;
import io.anteroom.edge.proxy.GzipCache.Packed;
import io.anteroom.edge.proxy.InstanceRoutes.InstancePart;
import io.anteroom.edge.proxy.InstanceRoutes.Visit;
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
 * Answers the page's question for all node classes: megabytes that the instance computes for each request in the loop
 * that also runs its queue. A browser that has them already is told so; what is too large or strange streams through.
 */
public final class ObjectInfoRoute implements InstancePart {
  private static final Logger log = LoggerFactory.getLogger(ObjectInfoRoute.class);
  private static final Set<String> PATHS = Set.of("/object_info", "/api/object_info");
  private static final Pattern GZIP_WANTED = Pattern.compile("(x-)?gzip\\s*(;.*)?");
  private static final Pattern NOT_WANTED = Pattern.compile(".*;\\s*q\\s*=\\s*0(\\.0*)?\\s*");
  private static final String GZIP = "gzip";

  private final ObjectInfoService desk;
  private final ReverseProxy upstream;
  private final Duration patience;

  public ObjectInfoRoute(ObjectInfoService desk, ReverseProxy upstream, Duration patience) {
    this.desk = desk;
    this.upstream = upstream;
    this.patience = patience;
  }

  @Override
  public Optional<Supplier<Future<Void>>> find(HttpServerRequest request, Visit visit, RawUri uri) {
    return takes(request, uri) ? Optional.of(() -> send(request, visit, uri)) : Optional.empty();
  }

  private static boolean takes(HttpServerRequest request, RawUri uri) {
    return request.method() == HttpMethod.GET
      && PATHS.contains(uri.meaning())
      && uri.query().isEmpty()
      && !request.headers().contains("Range");
  }

  private Future<Void> send(HttpServerRequest request, Visit visit, RawUri uri) {
    return desk.ask(visit.home()).compose(
      packed -> answer(request, visit, packed),
      failure -> otherwise(request, visit, uri, failure));
  }

  private Future<Void> otherwise(HttpServerRequest request, Visit visit, RawUri uri, Throwable failure) {
    if (failure instanceof TimeoutException) {
      return Future.failedFuture(InstanceFailure.refusal(visit.home(), failure, patience));
    }
    log.debug("The node classes are streamed as they come: instance={} cause={}", visit.home().name(),
      failure.getMessage());
    return upstream.forward(request, visit, uri);
  }

  /** What is sent counts as memory of its reader, who may be slow. */
  private static Future<Void> answer(HttpServerRequest request, Visit visit, Packed packed) {
    if (request.response().closed()) {
      return Future.succeededFuture();
    }
    String tag = "W/\"" + packed.tag() + "\"";
    HttpServerResponse response = request.response()
      .putHeader(HttpHeaders.ETAG, tag)
      .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
      .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    if (listed(request, HttpHeaders.IF_NONE_MATCH).anyMatch(known -> known.equals(tag) || known.equals("*"))) {
      return Responses.empty(request, 304);
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8");
    visit.account().take(takesGzip(request) ? packed.gzipped().length() : packed.plain().length());
    if (!takesGzip(request)) {
      return Responses.send(request, packed.plain());
    }
    response.putHeader(HttpHeaders.CONTENT_ENCODING, GZIP);
    return Responses.send(request, packed.gzipped());
  }

  private static boolean takesGzip(HttpServerRequest request) {
    return listed(request, HttpHeaders.ACCEPT_ENCODING).map(coding -> coding.toLowerCase(Locale.ROOT))
      .anyMatch(coding -> GZIP_WANTED.matcher(coding).matches() && !NOT_WANTED.matcher(coding).matches());
  }

  private static Stream<String> listed(HttpServerRequest request, CharSequence header) {
    return Arrays.stream(Optional.ofNullable(request.getHeader(header)).orElse("").split(",")).map(String::strip);
  }
}
