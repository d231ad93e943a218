package io.anteroom.edge.auth;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the cookies of a request. */
public final class Cookies {
  private Cookies() {
  }

  /**
   * The value of the only cookie of this name. Of several, one may have been set by a sibling site (cookie tossing),
   * and nothing says which: then none counts.
   */
  public static Optional<String> only(HttpServerRequest request, String name) {
    List<String> values = request.headers().getAll(HttpHeaders.COOKIE).stream()
      .flatMap(line -> Arrays.stream(line.split(";")))
      .map(String::strip)
      .filter(cookie -> cookie.startsWith(name + "="))
      .map(cookie -> cookie.substring(name.length() + 1))
      .toList();
    return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
  }
}
