package io.anteroom.edge.auth.isolation;

import io.anteroom.config.Settings;
import io.anteroom.directory.User;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.isolation.StudentOrigins.Origins;
import io.anteroom.identity.SignInStore;
import io.anteroom.net.PortRange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Optional;

/** Gives each student a port; the store holds which, for all nodes. */
final class PortOrigins implements StudentOrigins {
  private static final int NONE = -1;

  private final PortRange ports;
  private final Optional<URI> publicUrl;
  private final int publicPort;
  private final ClientResolver clients;
  private final SignInStore signIns;

  PortOrigins(Settings.Http settings, ClientResolver clients, SignInStore signIns) {
    this.ports = settings.isolation().ports();
    this.publicUrl = settings.front().publicUrl();
    this.publicPort = settings.port();
    this.clients = clients;
    this.signIns = signIns;
  }

  @Override
  public Optional<String> at(HttpServerRequest request) {
    int port = request.localAddress().port();
    return ports.contains(port) ? Optional.of(Integer.toString(port)) : Optional.empty();
  }

  @Override
  public Future<String> of(User student) {
    return signIns.assignPort(student.name(), ports.size()).compose(assigned -> assigned
      .map(number -> Future.succeededFuture(Integer.toString(ports.first() + number)))
      .orElseGet(() -> Future.failedFuture(AuthErrors.noPortLeft(student.name(), ports))));
  }

  @Override
  public String origin(HttpServerRequest request, String name) {
    return onPort(request, Integer.parseInt(name));
  }

  @Override
  public String all(HttpServerRequest request) {
    return onPort(request, NONE) + ":*";
  }

  @Override
  public String publicOrigin(HttpServerRequest request) {
    return publicUrl.map(URI::toString).orElseGet(() -> onPort(request, publicPort));
  }

  private String onPort(HttpServerRequest request, int port) {
    return publicUrl.map(url -> Origins.of(url.getScheme(), url.getHost(), port))
      .orElseGet(() -> Origins.of(clients.of(request).scheme(), Origins.host(request), port));
  }
}
