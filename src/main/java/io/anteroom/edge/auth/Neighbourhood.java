package io.anteroom.edge.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Who is counted as one when addresses are counted: a house is given 2^64 addresses of IPv6 at once. */
final class Neighbourhood {
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
