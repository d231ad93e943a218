package io.anteroom.edge.admission;

import io.anteroom.config.Settings;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.http.HostHeaderCheck;
import io.anteroom.net.Loopback;
import java.net.URI;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The host names under which the edge answers. They matter where users do not sign in and only this machine can
 * connect. With sign-in the browser has no cookie for a foreign name; on an open network the names are not known.
 */
public final class EdgeHosts {
  private EdgeHosts() {
  }

  /** The check of the {@code Host} header that these settings call for. */
  public static HostHeaderCheck check(Settings settings) {
    Settings.Http http = settings.http();
    String ownAddress = http.front().publicUrl().map(URI::toString).orElseGet(() ->
      "%s://localhost:%d".formatted(http.tls().isPresent() ? "https" : "http", http.port()));
    return new HostHeaderCheck(allowed(settings), name -> EdgeErrors.foreignName(name, ownAddress));
  }

  private static Predicate<String> allowed(Settings settings) {
    Settings.Http http = settings.http();
    if (!settings.auth().isOpen() || !Loopback.is(http.host())) {
      return any -> true;
    }
    Optional<String> publicHost = http.front().publicUrl().map(URI::getHost);
    return host -> Loopback.isToBrowsers(host) || publicHost.filter(host::equalsIgnoreCase).isPresent();
  }
}
