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
 * Tells who is at the other end of a request: what the connection says, or what a listed proxy says.
 *
 * <p>Anybody can write {@code X-Forwarded-For} and {@code X-Forwarded-Proto}, so they count only where they come from a
 * listed address, and of a chain only as far as each link was written by one. {@code X-Forwarded-Host} never counts.
 */
public final class ClientResolver {
  /** Traefik says of a socket that it came by {@code wss}. */
  private static final Map<String, String> SCHEMES =
    Map.of("http", "http", "ws", "http", "https", "https", "wss", "https");
  private static final InetAddress UNKNOWN = CidrRange.address("0.0.0.0").orElseThrow();

  private final Settings.Front front;

  public ClientResolver(Settings.Front front) {
    this.front = front;
  }

  public Peer of(HttpServerRequest request) {
    InetAddress neighbour = address(request.remoteAddress());
    return isTrusted(neighbour)
      ? new Peer(client(neighbour, values(request, "X-Forwarded-For")), forwardedScheme(request), true)
      : new Peer(neighbour, request.scheme(), false);
  }

  /** Who is at the other end of a connection, before he has asked for anything: a proxy has named nobody yet. */
  public Peer of(HttpConnection connection) {
    InetAddress neighbour = address(connection.remoteAddress());
    return new Peer(neighbour, connection.isSsl() ? "https" : "http", isTrusted(neighbour));
  }

  /** His address, for the audit log; {@link Peer#counted} is for counts. */
  public String address(HttpServerRequest request) {
    return of(request).client().getHostAddress();
  }

  /** The origin of our own pages as the browser of this request sees it. */
  public String ownOrigin(HttpServerRequest request) {
    return front.publicUrl().map(URI::toString).orElseGet(() -> of(request).scheme() + "://" + request.authority());
  }

  /** Whether the browser's own connection is safe, whatever stands in between. */
  public boolean isTls(HttpServerRequest request) {
    return ownOrigin(request).startsWith("https:");
  }

  private boolean isTrusted(InetAddress address) {
    return front.trustedProxies().stream().anyMatch(range -> range.contains(address));
  }

  /** Each proxy adds the address that it was called from at the end; the first that we do not trust is the client's. */
  private InetAddress client(InetAddress neighbour, List<String> chain) {
    InetAddress known = neighbour;
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
      .map(said -> SCHEMES.get(said.toLowerCase(Locale.ROOT)))
      .orElseGet(request::scheme);
  }

  /** All values of all headers of this name, the last that was written first. */
  private static List<String> values(HttpServerRequest request, String name) {
    List<String> inOrder = request.headers().getAll(name).stream()
      .flatMap(line -> Arrays.stream(line.split(",", -1))).map(String::strip).toList();
    return Stream.iterate(inOrder.size() - 1, at -> at >= 0, at -> at - 1).map(inOrder::get)
      .collect(Collectors.toUnmodifiableList());
  }

  /** Some proxies write the port too. */
  private static Optional<InetAddress> addressIn(String hop) {
    return CidrRange.address(hop)
      .or(() -> CidrRange.address(hop.replaceFirst("^\\[(.*)](:\\d+)?$", "$1")))
      .or(() -> CidrRange.address(hop.replaceFirst("^([0-9.]+):\\d+$", "$1")));
  }

  private static InetAddress address(SocketAddress socket) {
    return Optional.ofNullable(socket).map(SocketAddress::hostAddress).flatMap(CidrRange::address).orElse(UNKNOWN);
  }

  /** Who is counted as one when addresses are counted: a house is given 2^64 addresses of IPv6 at once. */
  static final class Neighbourhood {
    private static final int NETWORK_BYTES = 8;

    private Neighbourhood() {
    }

    /** The address, or the network of 64 bits that it is in. */
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
}
