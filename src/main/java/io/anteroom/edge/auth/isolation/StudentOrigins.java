package io.anteroom.edge.auth.isolation;

import io.anteroom.config.Settings;
import io.anteroom.config.Settings.Isolation.By;
import io.anteroom.directory.User;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Locale;
import java.util.Optional;

/** Gives each student's pages an origin of their own (origin isolation); everything else is at the public origin. */
public interface StudentOrigins {

  /** As the settings say; empty when all pages share one origin. */
  static Optional<StudentOrigins> of(Settings.Http settings, ClientResolver clients, SignInStore signIns) {
    By by = settings.isolation().by();
    return switch (by) {
      case PATH -> Optional.empty();
      case PORT -> Optional.of(new PortOrigins(settings, clients, signIns));
      case HOST -> Optional.of(new HostOrigins(settings.front().publicUrl().orElseThrow()));
    };
  }

  /** The name of the origin that a request was sent to, whether or not a student has it; empty at the public one. */
  Optional<String> at(HttpServerRequest request);

  /** The name of a student's origin, the same at all nodes; fails when there are none left. */
  Future<String> of(User student);

  /** The student origin of this name, as the browser of this request sees it. */
  String origin(HttpServerRequest request, String name);

  /** The public origin, as the browser of this request sees it. */
  String publicOrigin(HttpServerRequest request);

  /** All students' origins, as a source of a content security policy. */
  String all(HttpServerRequest request);

  /** The origin that this request was sent to, as its browser sees it. */
  default String own(HttpServerRequest request) {
    return at(request).map(name -> origin(request, name)).orElseGet(() -> publicOrigin(request));
  }

  /** Writes origins as browsers do. */
  static final class Origins {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private Origins() {
    }

    /** The host that a request names; the one that it reached for HTTP/1.0 without a Host. */
    static String host(HttpServerRequest request) {
      return Optional.ofNullable(request.authority()).map(HostAndPort::host)
        .orElseGet(() -> request.localAddress().hostAddress()).toLowerCase(Locale.ROOT);
    }

    /** Without the port where it is the default, or negative. */
    static String of(String scheme, String host, int port) {
      boolean isDefault = port < 0 || port == (scheme.equals("https") ? HTTPS : HTTP);
      return scheme + "://" + host + (isDefault ? "" : ":" + port);
    }
  }
}
