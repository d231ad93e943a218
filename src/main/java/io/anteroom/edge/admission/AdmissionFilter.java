package io.anteroom.edge.admission;

import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.ClientResolver.Client;
import io.anteroom.http.HostHeaderCheck;
import io.anteroom.task.ApiException;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Checks every request before authentication: its Host (DNS rebinding), its client's rate, and its client's
 * concurrency. The client is the one that a trusted proxy names, else the other end of the connection.
 */
public final class AdmissionFilter {
  private final HostHeaderCheck hosts;
  private final ClientResolver clients;
  private final RateLimiter rates;
  private final ConnectionLimiter connections;

  public AdmissionFilter(HostHeaderCheck hosts, ClientResolver clients, RateLimiter rates,
      ConnectionLimiter connections) {
    this.hosts = hosts;
    this.clients = clients;
    this.rates = rates;
    this.connections = connections;
  }

  /** Why the request is rejected; empty when it is admitted, and then it is counted. */
  public Optional<ApiException> objection(HttpServerRequest request) {
    Client client = clients.of(request);
    return hosts.objection(request)
      .or(() -> rates.ofAddress(client.counted()))
      .or(() -> connections.admit(request, client));
  }
}
