package io.anteroom.edge.http;

import io.anteroom.edge.http.HtmlPages.Page;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The page that a person sees when a request is refused: what happened, what to do, and two ways on.
 *
 * <p>Its links are fixed: its own address wherever that is, in either language, and the start page. None is made of
 * what the request said (open redirect).
 */
public final class ErrorPage {
  private static final Set<Integer> TEMPORARY = Set.of(502, 503, 504);
  private static final String RELOAD_SECONDS = "15";

  private ErrorPage() {
  }

  /** Answers with it; the browser itself tries again after a temporary error. */
  public static Future<Void> send(HttpServerRequest request, ApiException error) {
    if (isTemporary(error)) {
      request.response().putHeader("Refresh", RELOAD_SECONDS);
    }
    request.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    return Pages.send(request, error.code().status(), of(error), "");
  }

  static Page of(ApiException error) {
    String code = error.code().word() + (error.details().isEmpty() ? "" : ": " + error.details());
    return new Page("error.jte", Optional.of(""),
      Map.of("error", error, "temporary", isTemporary(error), "reloadSeconds", RELOAD_SECONDS, "code", code));
  }

  private static boolean isTemporary(ApiException error) {
    return TEMPORARY.contains(error.code().status());
  }
}
