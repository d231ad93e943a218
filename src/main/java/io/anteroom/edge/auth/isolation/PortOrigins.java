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

/** A port for each student; which one, all nodes know from the store. */
final class PortOrigins implements StudentOrigins {
  private static final int NONE = -1;

  private final PortRange ports;
  private final Optional<URI> publicUrl;
  private final int hall;
  private final ClientResolver peers;
  private final SignInStore signIns;

  PortOrigins(Settings.Http settings, ClientResolver peers, SignInStore signIns) {
    this.ports = settings.isolation().ports();
    this.publicUrl = settings.front().publicUrl();
    this.hall = settings.port();
    this.peers = peers;
    this.signIns = signIns;
  }

  @Override
  public Optional<String> at(HttpServerRequest request) {
    int port = request.localAddress().port();
    return ports.contains(port) ? Optional.of(Integer.toString(port)) : Optional.empty();
  }

  @Override
  public Future<String> of(User student) {
    return signIns.assignPort(student.name(), ports.size()).compose(door -> door
      .map(number -> Future.succeededFuture(Integer.toString(ports.first() + number)))
      .orElseGet(() -> Future.failedFuture(AuthErrors.noDoorLeft(student.name(), ports))));
  }

  @Override
  public String origin(HttpServerRequest request, String door) {
    return onPort(request, Integer.parseInt(door));
  }

  @Override
  public String all(HttpServerRequest request) {
    return onPort(request, NONE) + ":*";
  }

  @Override
  public String hall(HttpServerRequest request) {
    return publicUrl.map(URI::toString).orElseGet(() -> onPort(request, hall));
  }

  private String onPort(HttpServerRequest request, int port) {
    return publicUrl.map(url -> Origins.of(url.getScheme(), url.getHost(), port))
      .orElseGet(() -> Origins.of(peers.of(request).scheme(), Origins.host(request), port));
  }
}
