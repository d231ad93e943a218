package io.anteroom.edge.admission;

import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.ClientResolver.Peer;
import io.anteroom.http.HostHeaderCheck;
import io.anteroom.task.ApiException;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Judges whoever asks before anybody knows who he is: by the name that he calls us, by how often he asks, and by how
 * much he has under way. Behind a listed proxy he is the one whom it names, else the other end of his connection.
 */
public final class AdmissionFilter {
  private final HostHeaderCheck hosts;
  private final ClientResolver peers;
  private final RateLimiter rates;
  private final ConnectionLimiter connections;

  public AdmissionFilter(HostHeaderCheck hosts, ClientResolver peers, RateLimiter rates,
      ConnectionLimiter connections) {
    this.hosts = hosts;
    this.peers = peers;
    this.rates = rates;
    this.connections = connections;
  }

  /** Why a request goes no further; empty when it may, and then it is counted. */
  public Optional<ApiException> objection(HttpServerRequest request) {
    Peer peer = peers.of(request);
    return hosts.objection(request)
      .or(() -> rates.ofAddress(peer.counted()))
      .or(() -> connections.crowding(request, peer));
  }
}
