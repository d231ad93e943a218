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

/** Where students' pages are seen: each behind a door, which is an origin of its own; all else is in the hall. */
public interface StudentOrigins {

  /** Those that the settings want; empty when all is one origin. */
  static Optional<StudentOrigins> of(Settings.Http settings, ClientResolver peers, SignInStore signIns) {
    By by = settings.isolation().by();
    return switch (by) {
      case PATH -> Optional.empty();
      case PORT -> Optional.of(new PortOrigins(settings, peers, signIns));
      case HOST -> Optional.of(new HostOrigins(settings.front().publicUrl().orElseThrow()));
    };
  }

  /** The name of the door that a request has come to, whether or not it is anybody's; empty in the hall. */
  Optional<String> at(HttpServerRequest request);

  /** The name of a student's door: the same at all nodes. Refused when there are no more. */
  Future<String> of(User student);

  /** The origin of this door, for the browser that sends this request. */
  String origin(HttpServerRequest request, String door);

  /** The origin of the hall, for the browser that sends this request. */
  String hall(HttpServerRequest request);

  /** All doors, as a source of a content security policy. */
  String all(HttpServerRequest request);

  /** The origin that this request has come to, as its browser sees it. */
  default String own(HttpServerRequest request) {
    return at(request).map(door -> origin(request, door)).orElseGet(() -> hall(request));
  }

  /** Writes origins as browsers do. */
  static final class Origins {
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
}
