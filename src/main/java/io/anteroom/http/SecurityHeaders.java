package io.anteroom.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/** What every answer of our own says of itself: nobody stores, frames, embeds or scripts it. */
public final class SecurityHeaders {
  public static final String POLICY = "Content-Security-Policy";
  public static final String EMBEDDING = "Cross-Origin-Resource-Policy";
  /** Who may embed it. */
  public static final String BY_US_ALONE = "same-origin";
  private static final String NOTHING =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

  private SecurityHeaders() {
  }

  /** Adds them; what may be stored, or needs a policy of its own, has said so before. */
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
