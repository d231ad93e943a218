package io.anteroom.edge.auth;

import java.net.InetAddress;

/**
 * Who is at the other end of a request, or of a connection.
 *
 * @param client   his address, behind all proxies that we trust
 * @param scheme   by which his browser came: {@code https} or {@code http}
 * @param isProxied whether it comes from a proxy that we trust, so that its word counts
 */
public record Peer(InetAddress client, String scheme, boolean isProxied) {
  /** Under which he is counted: his address, or his network where each in it has many. */
  public String counted() {
    return Neighbourhood.of(client);
  }
}
