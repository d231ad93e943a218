package io.anteroom.edge.auth;

import io.anteroom.config.Settings;
import io.anteroom.net.CidrRange;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Resolves the client of a request: the other end of the connection, or the one that a trusted proxy names.
 *
 * <p>{@code X-Forwarded-For} and {@code X-Forwarded-Proto} are easily forged, so they count only from the CIDR ranges
 * of trusted proxies, and of a chain only as far as each entry was added by one. {@code X-Forwarded-Host} never counts.
 */
public final class ClientResolver {
  /** Traefik sends {@code wss} for a WebSocket. */
  private static final Map<String, String> SCHEMES =
    Map.of("http", "http", "ws", "http", "https", "https", "wss", "https");
  private static final InetAddress UNKNOWN = CidrRange.address("0.0.0.0").orElseThrow();

  private final Settings.Front front;

  public ClientResolver(Settings.Front front) {
    this.front = front;
  }

  public Client of(HttpServerRequest request) {
    InetAddress remote = address(request.remoteAddress());
    return isTrusted(remote)
      ? new Client(client(remote, values(request, "X-Forwarded-For")), forwardedScheme(request), true)
      : new Client(remote, request.scheme(), false);
  }

  /** The other end of a connection before its first request: a proxy has named no client yet. */
  public Client of(HttpConnection connection) {
    InetAddress remote = address(connection.remoteAddress());
    return new Client(remote, connection.isSsl() ? "https" : "http", isTrusted(remote));
  }

  /** The client's address for the audit log; limits use {@link Client#counted}. */
  public String address(HttpServerRequest request) {
    return of(request).address().getHostAddress();
  }

  /** The origin of Anteroom's own pages as the browser of this request sees it. */
  public String ownOrigin(HttpServerRequest request) {
    return front.publicUrl().map(URI::toString).orElseGet(() -> of(request).scheme() + "://" + request.authority());
  }

  /** Whether the browser's own connection uses TLS, whatever proxies are in between. */
  public boolean isTls(HttpServerRequest request) {
    return ownOrigin(request).startsWith("https:");
  }

  private boolean isTrusted(InetAddress address) {
    return front.trustedProxies().stream().anyMatch(range -> range.contains(address));
  }

  /** Each proxy appends the address that called it; from the end, the first untrusted one is the client's. */
  private InetAddress client(InetAddress remote, List<String> chain) {
    InetAddress known = remote;
    Iterator<String> towardsClient = chain.iterator();
    while (isTrusted(known) && towardsClient.hasNext()) {
      Optional<InetAddress> before = addressIn(towardsClient.next());
      if (before.isEmpty()) {
        return known;
      }
      known = before.get();
    }
    return known;
  }

  private static String forwardedScheme(HttpServerRequest request) {
    return values(request, "X-Forwarded-Proto").stream().findFirst()
      .map(scheme -> SCHEMES.get(scheme.toLowerCase(Locale.ROOT)))
      .orElseGet(request::scheme);
  }

  /** All values of all headers of this name, the last one first. */
  private static List<String> values(HttpServerRequest request, String name) {
    List<String> inOrder = request.headers().getAll(name).stream()
      .flatMap(line -> Arrays.stream(line.split(",", -1))).map(String::strip).toList();
    return Stream.iterate(inOrder.size() - 1, at -> at >= 0, at -> at - 1).map(inOrder::get)
      .collect(Collectors.toUnmodifiableList());
  }

  /** Some proxies append the port. */
  private static Optional<InetAddress> addressIn(String hop) {
    return CidrRange.address(hop)
      .or(() -> CidrRange.address(hop.replaceFirst("^\\[(.*)](:\\d+)?$", "$1")))
      .or(() -> CidrRange.address(hop.replaceFirst("^([0-9.]+):\\d+$", "$1")));
  }

  private static InetAddress address(SocketAddress socket) {
    return Optional.ofNullable(socket).map(SocketAddress::hostAddress).flatMap(CidrRange::address).orElse(UNKNOWN);
  }

  /** Groups addresses for limits: IPv6 clients by /64, the usual allocation of one site. */
  static final class AddressGroup {
    private static final int NETWORK_BYTES = 8;

    private AddressGroup() {
    }

    /** The IPv4 address, or the /64 network of an IPv6 address. */
    static String of(InetAddress address) {
      return address instanceof Inet6Address ? network(address.getAddress()) : address.getHostAddress();
    }

    private static String network(byte[] address) {
      try {
        return InetAddress.getByAddress(Arrays.copyOf(Arrays.copyOf(address, NETWORK_BYTES), address.length))
          .getHostAddress();
      } catch (UnknownHostException impossible) {
        throw new IllegalStateException("an address has 4 or 16 bytes", impossible);
      }
    }
  }

  /**
   * The client of a request or of a connection.
   *
   * @param address   the client's own, behind all trusted proxies
   * @param scheme    that the browser used: {@code https} or {@code http}
   * @param isProxied whether a trusted proxy forwarded it
   */
  public record Client(InetAddress address, String scheme, boolean isProxied) {
    /** The key of the client's limits: the address, or its network for IPv6. */
    public String counted() {
      return AddressGroup.of(address);
    }
  }
}
