package io.anteroom.edge.proxy;

import io.anteroom.bus.Bus;
import io.anteroom.bus.PageServices;
import io.anteroom.bus.PageServices.Page;
import io.anteroom.bus.PageServices.PageQuestion;
import io.anteroom.directory.Instance;
import io.anteroom.edge.http.BrowserNavigation;
import io.anteroom.edge.http.HeaderFilter;
import io.anteroom.edge.http.HttpMethods;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.RedirectRewriter;
import io.anteroom.edge.proxy.InstanceRoutes.InstancePart;
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends ComfyUI's page with Anteroom's script in it, or unchanged when it cannot be injected. */
public final class PageRoute implements InstancePart {
  private static final Logger log = LoggerFactory.getLogger(PageRoute.class);
  private static final Set<String> PATHS = Set.of("/", "/index.html");

  private final Bus bus;
  private final ReverseProxy proxy;
  private final boolean injection;

  public PageRoute(Bus bus, ReverseProxy proxy, boolean injection) {
    this.bus = bus;
    this.proxy = proxy;
    this.injection = injection;
  }

  @Override
  public Optional<Supplier<Future<Void>>> find(HttpServerRequest request, RequestContext context, RawUri uri) {
    return accepts(request, uri.meaning()) ? Optional.of(() -> send(request, context, uri)) : Optional.empty();
  }

  /** Whether a browser opens the page; requests of scripts and images are never changed. */
  private boolean accepts(HttpServerRequest request, String path) {
    String destination = request.getHeader("Sec-Fetch-Dest");
    return injection
      && HttpMethods.isRead(request.method())
      && PATHS.contains(path)
      && (destination == null || destination.equals("document"))
      && !request.headers().contains("Range");
  }

  private Future<Void> send(HttpServerRequest request, RequestContext context, RawUri uri) {
    Instance instance = context.home();
    return bus.request(PageServices.PAGE, pageRequest(request, instance, uri))
      .onFailure(failure -> log.warn("The page could not be prepared, it is streamed unchanged: instance={} cause={}",
        instance.name(), failure.getMessage()))
      .transform(page -> page.failed() || page.result().streamed()
        ? proxy.forward(request, context, uri)
        : send(request, page.result(), RedirectRewriter.of(instance, request.uri(), uri)));
  }

  /** A prefetched page may never be shown, and its scripts may never run. */
  private static PageQuestion pageRequest(HttpServerRequest request, Instance instance, RawUri uri) {
    return new PageQuestion(instance.name(), uri.text(),
      BrowserNavigation.is(request) && !request.headers().contains("Sec-Purpose"));
  }

  private static Future<Void> send(HttpServerRequest request, Page page, RedirectRewriter redirects) {
    request.response().setStatusCode(page.status());
    HeaderFilter.toBrowser(page.headers().entrySet(), request.response().headers(), redirects);
    request.response().headers().remove(HttpHeaders.CONTENT_LENGTH);
    return request.method() == HttpMethod.HEAD ? request.response().end() : request.response().end(page.body());
  }
}
