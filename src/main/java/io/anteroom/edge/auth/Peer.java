package io.anteroom.edge.auth;

import java.net.InetAddress;

/**
 * Who is at the other end of a request.
 *
 * @param client   his address, behind all proxies that we trust
 * @param scheme   by which his browser came: {@code https} or {@code http}
 * @param isProxied whether a proxy that we trust has brought the request, so that its word counts
 */
public record Peer(InetAddress client, String scheme, boolean isProxied) {
}
