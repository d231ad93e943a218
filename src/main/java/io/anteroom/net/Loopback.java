package io.anteroom.net;

import java.net.InetAddress;
import java.util.Locale;

/** Tells the names and addresses that only this machine can reach. */
public final class Loopback {
  private static final String NAME = "localhost";

  private Loopback() {
  }

  public static boolean is(String host) {
    return host != null && (host.equalsIgnoreCase(NAME)
      || CidrRange.address(host).filter(InetAddress::isLoopbackAddress).isPresent());
  }

  /**
   * The same of what stands in a browser's address line, {@code Host} or {@code Origin}.
   *
   * <p>Names below {@code localhost} too: a browser looks for them here and asks nobody, as others may.
   */
  public static boolean isToBrowsers(String host) {
    return is(host) || host != null && host.toLowerCase(Locale.ROOT).endsWith("." + NAME);
  }
}
