package io.anteroom.http;

import io.anteroom.task.ApiException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Rejects requests whose {@code Host} is not one of the server's own names: stops DNS rebinding.
 *
 * <p>A web page can let its own name resolve to this machine. Its browser then takes this server for that site, so no
 * check of {@code Origin} or {@code Sec-Fetch-Site} sees it; but the page cannot change the name in {@code Host}.
 */
public final class HostHeaderCheck {
  private final Predicate<String> allowed;
  private final Function<String, ApiException> error;

  /**
   * @param allowed the names under which the server answers
   * @param error   the error for another {@code Host}
   */
  public HostHeaderCheck(Predicate<String> allowed, Function<String, ApiException> error) {
    this.allowed = allowed;
    this.error = error;
  }

  /** The error for a request under a foreign name, or without one; empty when it may pass. */
  public Optional<ApiException> objection(HttpServerRequest request) {
    HostAndPort called = request.authority();
    return allows(called == null ? "" : called.host()) ? Optional.empty()
      : Optional.of(error.apply(Objects.requireNonNullElse(request.getHeader(HttpHeaders.HOST), "")));
  }

  public boolean allows(String host) {
    return allowed.test(host);
  }
}
