package io.anteroom.edge.student;

import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.HtmlPages;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.edge.http.HttpMethods;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.Responses;
import io.anteroom.edge.http.StudentPath;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the home page; redirects requests to the root by custom nodes to the student whose page sent them; and with
 * origin isolation serves the student's ComfyUI at the root of their origin, for programs.
 */
public final class RootRoutes {
  /** Laxer than {@code java.net.URI}: browsers leave characters such as {@code |} in a path unencoded. */
  private static final Pattern PAGE = Pattern.compile("https?://(?<host>[^/?#@]+)(?<path>/[^?#]*)([?#].*)?");

  private final StudentRoutes students;
  private final Optional<HomePage> home;

  /** @param home for signed-in users; empty where no sign-in is needed */
  public RootRoutes(StudentRoutes students, Optional<HomePage> home) {
    this.students = students;
    this.home = home;
  }

  public Future<Void> handle(HttpServerRequest request, RawUri uri) {
    boolean reads = HttpMethods.isRead(request.method());
    if (reads && uri.path().equals("/")) {
      return home.map(route -> route.handle(request, uri)).orElseGet(() -> Pages.send(request, HtmlPages.LANDING));
    }
    if (reads && uri.path().equals(HtmlPages.FAVICON)) {
      return Pages.favicon(request);
    }
    return page(request)
      .map(page -> reads && !HttpMethods.wantsSocket(request)
        ? redirect(request, page.of(uri.text()))
        : students.handle(request, new StudentPath(page.user(), page.prefix(), uri)))
      .orElseGet(() -> students.isAtRoot(request) ? students.handleAtRoot(request, uri)
        : Future.failedFuture(EdgeErrors.unknownPath(uri.path())));
  }

  /** Redirects instead of serving, so that a script resolves its own imports against the right address too. */
  private static Future<Void> redirect(HttpServerRequest request, String location) {
    request.response().putHeader(HttpHeaders.VARY, HttpHeaders.REFERER);
    return Responses.redirect(request, 307, location);
  }

  /** The student's page that sent the request, if it is one of this very host. */
  private static Optional<StudentPath> page(HttpServerRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    String referer = request.getHeader(HttpHeaders.REFERER);
    if (host == null || referer == null) {
      return Optional.empty();
    }
    Matcher page = PAGE.matcher(referer);
    return page.matches() && host.equalsIgnoreCase(page.group("host"))
      ? Optional.of(new RawUri(page.group("path"))).filter(RawUri::isSafe)
        .flatMap(StudentPath::of).filter(path -> !path.lacksSlash())
      : Optional.empty();
  }
}
