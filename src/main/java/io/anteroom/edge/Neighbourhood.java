package io.anteroom.edge;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Who is counted as one when addresses are counted: a house is given 2^64 addresses of IPv6 at once. */
final class Neighbourhood {
  private static final int NETWORK_BYTES = 8;

  private Neighbourhood() {
  }

  /** The address, or the network of 64 bits that it is in; empty for what has none. */
  static String of(SocketAddress address) {
    String text = address == null || address.hostAddress() == null ? "" : address.hostAddress();
    if (!text.contains(":")) {
      return text;
    }
    try {
      byte[] bytes = InetAddress.getByName(text.replaceFirst("%.*", "")).getAddress();
      return InetAddress.getByAddress(Arrays.copyOf(Arrays.copyOf(bytes, NETWORK_BYTES), bytes.length))
        .getHostAddress();
    } catch (UnknownHostException unreadable) {
      return text;
    }
  }
}
