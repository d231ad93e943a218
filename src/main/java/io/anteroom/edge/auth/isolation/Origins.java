package io.anteroom.edge.auth.isolation;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Locale;
import java.util.Optional;

/** Writes origins as browsers do. */
final class Origins {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private Origins() {
  }

  /** The host that a request names; the one that it has reached when it is as old as HTTP/1.0. */
  static String host(HttpServerRequest request) {
    return Optional.ofNullable(request.authority()).map(HostAndPort::host)
      .orElseGet(() -> request.localAddress().hostAddress()).toLowerCase(Locale.ROOT);
  }

  /** Without the port where it is the usual one, or less than 0. */
  static String of(String scheme, String host, int port) {
    boolean usual = port < 0 || port == (scheme.equals("https") ? HTTPS : HTTP);
    return scheme + "://" + host + (usual ? "" : ":" + port);
  }
}
