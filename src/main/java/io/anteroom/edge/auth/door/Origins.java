package io.anteroom.edge.auth.door;

/** Writes origins as browsers do. */
final class Origins {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private Origins() {
  }

  /** Without the port where it is the usual one, or less than 0. */
  static String of(String scheme, String host, int port) {
    boolean usual = port < 0 || port == (scheme.equals("https") ? HTTPS : HTTP);
    return scheme + "://" + host + (usual ? "" : ":" + port);
  }
}
