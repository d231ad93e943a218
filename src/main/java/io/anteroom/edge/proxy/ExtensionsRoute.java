package io.anteroom.edge.proxy;

import io.anteroom.comfy.PanelClient;
import io.anteroom.edge.http.HttpMethods;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.Responses;
import io.anteroom.edge.http.StudentPath;
import io.anteroom.edge.proxy.InstanceRoutes.InstancePart;
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Adds Anteroom's module to the extensions that the page loads: a fallback for the script tag in the page's head. */
public final class ExtensionsRoute implements InstancePart {
  private static final Set<String> PATHS = Set.of("/extensions", "/api/extensions");

  private final PanelClient client;
  private final ReverseProxy proxy;
  private final String module;
  private final boolean injection;

  /** @param name of the module among Anteroom's files */
  public ExtensionsRoute(PanelClient client, ReverseProxy proxy, String name, boolean injection) {
    this.client = client;
    this.proxy = proxy;
    this.module = StudentPath.OWN + name;
    this.injection = injection;
  }

  @Override
  public Optional<Supplier<Future<Void>>> find(HttpServerRequest request, RequestContext context, RawUri uri) {
    return injection && HttpMethods.isRead(request.method()) && PATHS.contains(uri.meaning())
      ? Optional.of(() -> send(request, context, uri)) : Optional.empty();
  }

  /** A list that cannot be parsed is forwarded unchanged. */
  private Future<Void> send(HttpServerRequest request, RequestContext context, RawUri uri) {
    return client.extensions(context.account(), context.home()).transform(read -> read.failed()
      ? proxy.forward(request, context, uri)
      : Responses.json(request, 200, withOwn(read.result()).toBuffer()));
  }

  private JsonArray withOwn(List<String> theirs) {
    return new JsonArray(Stream.concat(theirs.stream(), Stream.of(module)).toList());
  }
}
