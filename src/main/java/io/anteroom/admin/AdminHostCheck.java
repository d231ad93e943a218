package io.anteroom.admin;

import io.anteroom.http.HostHeaderCheck;
import io.anteroom.net.Loopback;
import io.anteroom.task.ApiException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rejects requests to the admin port that a web page makes: by a foreign {@code Host} (DNS rebinding) or a foreign
 * {@code Origin} (CSRF). A browser that runs on this machine can be made to send either to loopback.
 */
final class AdminHostCheck {
  private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::");
  /** An IP address; no host name looks like one. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final String configured;
  private final HostHeaderCheck hosts;

  AdminHostCheck(String configured) {
    this.configured = bare(configured);
    this.hosts = new HostHeaderCheck(this::isOurs, foreign -> AdminErrors.foreignName(this.configured));
  }

  /** The error for a request under a foreign name, or from a foreign page; empty when it may pass. */
  Optional<ApiException> objection(HttpServerRequest request) {
    return hosts.objection(request).or(() -> Optional.ofNullable(request.getHeader(HttpHeaders.ORIGIN))
      .filter(origin -> !isOurs(hostOf(origin)))
      .map(foreign -> AdminErrors.foreignPage(configured)));
  }

  boolean isOurs(String host) {
    String name = bare(host);
    return Loopback.isToBrowsers(name) || name.equalsIgnoreCase(configured)
      || ALL_ADDRESSES.contains(configured) && ADDRESS.matcher(name).matches();
  }

  static String hostOf(String origin) {
    try {
      String host = URI.create(origin).getHost();
      return host == null ? "" : host;
    } catch (IllegalArgumentException unreadable) {
      return "";
    }
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
