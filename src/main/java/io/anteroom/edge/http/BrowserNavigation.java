package io.anteroom.edge.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.Set;

/** Tells a person who opens an address, and reads what comes, from a program that wants it in its own words. */
public final class BrowserNavigation {
  private static final String MODE = "Sec-Fetch-Mode";
  private static final String DESTINATION = "Sec-Fetch-Dest";

  /** The headers by which the two are told apart. */
  static final String TOLD_BY = String.join(", ", HttpHeaders.ACCEPT, MODE, DESTINATION);

  private BrowserNavigation() {
  }

  /**
   * A script may accept what it likes, but cannot change the mode, which browsers leave out over plain HTTP. What is
   * embedded in a page nobody opens, and no page of ours is ever shown there.
   */
  public static boolean is(HttpServerRequest request) {
    String mode = request.getHeader(MODE);
    return request.method() == HttpMethod.GET && !HttpMethods.wantsSocket(request)
      && (mode == null ? header(request, HttpHeaders.ACCEPT).contains("text/html") : mode.equals("navigate"))
      && Set.of("", "document").contains(header(request, DESTINATION));
  }

  private static String header(HttpServerRequest request, CharSequence name) {
    return Objects.requireNonNullElse(request.getHeader(name), "");
  }
}
