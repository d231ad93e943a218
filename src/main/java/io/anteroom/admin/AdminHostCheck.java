package io.anteroom.admin;

import io.anteroom.net.Loopback;
import io.anteroom.task.ApiException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lets in who calls the admin port by a name that is really its own.
 *
 * <p>A page anywhere on the web can make a browser call loopback, by its address or by a name of its own that it lets
 * point there; it cannot help that its own name stands in {@code Host} and {@code Origin}.
 */
final class AdminHostCheck {
  private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::");
  /** What no name can look like. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final String configured;

  AdminHostCheck(String configured) {
    this.configured = bare(configured);
  }

  /** Why a call is not answered; empty when its name, and the page that makes it, are ours. */
  Optional<ApiException> objection(HttpServerRequest request) {
    if (request.authority() == null || !isOurs(request.authority().host())) {
      return Optional.of(AdminErrors.foreignName(configured));
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin == null || isOurs(hostOf(origin))
      ? Optional.empty() : Optional.of(AdminErrors.foreignPage(configured));
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
