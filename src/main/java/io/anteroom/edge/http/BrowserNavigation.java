package io.anteroom.edge.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.Set;

/** Distinguishes a person who opens a page in a browser from a program that expects its own format. */
public final class BrowserNavigation {
  private static final String MODE = "Sec-Fetch-Mode";
  private static final String DESTINATION = "Sec-Fetch-Dest";

  /** The headers that distinguish the two. */
  static final String TOLD_BY = String.join(", ", HttpHeaders.ACCEPT, MODE, DESTINATION);

  private BrowserNavigation() {
  }

  /**
   * A script can set {@code Accept}, but not the mode, which browsers leave out over plain HTTP. Embedded content is
   * not a navigation: pages of Anteroom are never embedded.
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
