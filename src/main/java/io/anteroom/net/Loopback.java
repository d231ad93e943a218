package io.anteroom.net;

import java.net.InetAddress;
import java.util.Locale;

/** Recognises names and addresses that only this machine can reach. */
public final class Loopback {
  private static final String NAME = "localhost";

  private Loopback() {
  }

  public static boolean is(String host) {
    return host != null && (host.equalsIgnoreCase(NAME)
      || CidrRange.address(host).filter(InetAddress::isLoopbackAddress).isPresent());
  }

  /**
   * The same for the host in a browser's address bar, {@code Host} or {@code Origin}.
   *
   * <p>Includes names below {@code localhost}: browsers resolve them to loopback themselves, other clients may not.
   */
  public static boolean isToBrowsers(String host) {
    return is(host) || host != null && host.toLowerCase(Locale.ROOT).endsWith("." + NAME);
  }
}
