package io.anteroom.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/**
 * The security headers of every response of Anteroom itself, on every port: it is not cached, framed (clickjacking),
 * embedded, nor does it run scripts (XSS) or get another type than it says.
 */
public final class SecurityHeaders {
  public static final String POLICY = "Content-Security-Policy";
  public static final String EMBEDDING = "Cross-Origin-Resource-Policy";
  /** Only pages of the same origin may embed it. */
  public static final String BY_US_ALONE = "same-origin";
  private static final String NOTHING =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

  private SecurityHeaders() {
  }

  /** Adds them; a {@code Cache-Control} or a policy that is there already stays. */
  public static void addTo(MultiMap headers) {
    setUnlessThere(headers, HttpHeaders.CACHE_CONTROL, "no-store");
    setUnlessThere(headers, POLICY, NOTHING);
    headers.set(EMBEDDING, BY_US_ALONE)
      .set("X-Content-Type-Options", "nosniff")
      .set("Referrer-Policy", "same-origin")
      .set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  }

  private static void setUnlessThere(MultiMap headers, CharSequence name, String value) {
    if (!headers.contains(name)) {
      headers.set(name, value);
    }
  }
}
