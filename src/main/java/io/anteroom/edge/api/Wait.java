package io.anteroom.edge.api;

import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.When;
import io.anteroom.edge.http.Refusals;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How long an answer may be held back, and which one the asker has already.
 *
 * @param known its version; empty when he has none
 */
record Wait(String known, Duration patience) {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,3}");

  /** What {@code ?wait=} and {@code If-None-Match} say. */
  static Future<Wait> of(HttpServerRequest request) {
    String tag = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    String known = tag == null ? "" : tag.strip().replaceFirst("^W/", "").replace("\"", "");
    String wait = request.getParam("wait", "0");
    long longest = StatusServices.LONGEST_WAIT.toSeconds();
    if (!SECONDS.matcher(wait).matches() || Long.parseLong(wait) > longest) {
      return Future.failedFuture(Refusals.invalid("wait", wait, "a number of seconds from 0 to " + longest));
    }
    return Future.succeededFuture(new Wait(known, Duration.ofSeconds(Long.parseLong(wait))));
  }

  When when() {
    return new When(known, patience);
  }

  /** The same without patience. */
  Wait over() {
    return new Wait(known, Duration.ZERO);
  }

  boolean knows(String version) {
    return known.equals(version);
  }

  /** A version as the header {@code ETag} writes it. */
  static String etag(String version) {
    return "\"" + version + "\"";
  }
}
