package io.anteroom.edge.proxy;

import io.anteroom.comfy.PanelClient;
import io.anteroom.edge.http.HttpMethods;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.Responses;
import io.anteroom.edge.http.StudentPath;
import io.anteroom.edge.proxy.InstanceRoutes.InstancePart;
import io.anteroom.edge.proxy.InstanceRoutes.Visit;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Adds our module to the extensions that the page loads: it brings our script in when the page's head could not. */
public final class ExtensionsRoute implements InstancePart {
  private static final Set<String> PATHS = Set.of("/extensions", "/api/extensions");

  private final PanelClient client;
  private final ReverseProxy upstream;
  private final String module;
  private final boolean injection;

  /** @param name of the module among our own files */
  public ExtensionsRoute(PanelClient client, ReverseProxy upstream, String name, boolean injection) {
    this.client = client;
    this.upstream = upstream;
    this.module = StudentPath.OWN + name;
    this.injection = injection;
  }

  @Override
  public Optional<Supplier<Future<Void>>> find(HttpServerRequest request, Visit visit, RawUri uri) {
    return injection && HttpMethods.isRead(request.method()) && PATHS.contains(uri.meaning())
      ? Optional.of(() -> send(request, visit, uri)) : Optional.empty();
  }

  /** A list that cannot be read goes out as it comes. */
  private Future<Void> send(HttpServerRequest request, Visit visit, RawUri uri) {
    return client.extensions(visit.account(), visit.home()).transform(read -> read.failed()
      ? upstream.forward(request, visit, uri)
      : Responses.json(request, 200, withOurs(read.result()).toBuffer()));
  }

  private JsonArray withOurs(List<String> theirs) {
    return new JsonArray(Stream.concat(theirs.stream(), Stream.of(module)).toList());
  }
}
