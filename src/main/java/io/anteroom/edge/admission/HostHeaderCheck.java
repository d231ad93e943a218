package io.anteroom.edge.admission;

import io.anteroom.config.Settings;
import io.anteroom.edge.auth.CsrfCheck;
import io.anteroom.edge.auth.CsrfCheck.OriginCheck;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.net.Loopback;
import io.anteroom.task.ApiException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps pages of other sites from an edge that is open to whoever uses this machine.
 *
 * <p>Such a page can let its own name point to this machine; then its browser takes us for its site. Neither
 * {@link OriginCheck} nor {@link CsrfCheck} sees that: what it reads has no {@code Origin}, what it changes has the
 * one that {@code Host} makes ours, and its browser calls all of it same-origin. What the page cannot help is that its
 * name stands in {@code Host}; that is judged here, whatever is asked for.
 *
 * <p>Where one signs in, the browser has no cookie for that name; where the edge is open on the network, nobody knows
 * by which names it is called.
 */
public final class HostHeaderCheck {
  private final boolean isNeeded;
  private final Optional<String> publicHost;
  private final String ownAddress;

  public HostHeaderCheck(Settings settings) {
    Settings.Http http = settings.http();
    isNeeded = settings.auth().isOpen() && Loopback.is(http.host());
    publicHost = http.front().publicUrl().map(URI::getHost);
    ownAddress = http.front().publicUrl().map(URI::toString).orElseGet(() ->
      "%s://localhost:%d".formatted(http.tls().isPresent() ? "https" : "http", http.port()));
  }

  /** Why nothing is answered under the name that this request came by; one without a name has a wrong one. */
  Optional<ApiException> objection(HttpServerRequest request) {
    HostAndPort called = request.authority();
    if (!isNeeded || called != null && answersTo(called.host())) {
      return Optional.empty();
    }
    String name = Objects.requireNonNullElse(request.getHeader(HttpHeaders.HOST), "");
    return Optional.of(EdgeErrors.foreignName(name, ownAddress));
  }

  /** Whether a page under this name is one of ours. */
  boolean answersTo(String host) {
    return !isNeeded || Loopback.isToBrowsers(host) || publicHost.filter(host::equalsIgnoreCase).isPresent();
  }
}
