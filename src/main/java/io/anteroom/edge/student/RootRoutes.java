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
 * The first page; leads what careless workflow nodes ask of the root to the student on whose page they are; and where
 * each student has an origin of its own, gives programs the student's ComfyUI at its root.
 */
public final class RootRoutes {
  /** Not as Java reads an address: browsers leave letters such as {@code |} in a path as they are. */
  private static final Pattern PAGE = Pattern.compile("https?://(?<host>[^/?#@]+)(?<path>/[^?#]*)([?#].*)?");

  private final StudentRoutes students;
  private final Optional<HomePage> start;

  /** @param start for who is signed in; empty where nobody needs to be */
  public RootRoutes(StudentRoutes students, Optional<HomePage> start) {
    this.students = students;
    this.start = start;
  }

  public Future<Void> handle(HttpServerRequest request, RawUri uri) {
    boolean reads = HttpMethods.isRead(request.method());
    if (reads && uri.path().equals("/")) {
      return start.map(route -> route.handle(request, uri)).orElseGet(() -> Pages.send(request, HtmlPages.LANDING));
    }
    if (reads && uri.path().equals(HtmlPages.FAVICON)) {
      return Pages.favicon(request);
    }
    return page(request)
      .map(page -> reads && !HttpMethods.wantsSocket(request)
        ? lead(request, page.of(uri.text()))
        : students.handle(request, new StudentPath(page.user(), page.prefix(), uri)))
      .orElseGet(() -> students.isAtRoot(request) ? students.handleAtRoot(request, uri)
        : Future.failedFuture(EdgeErrors.unknownPath(uri.path())));
  }

  /** Sends the browser to the right address, so that what a script there loads next comes from the right place too. */
  private static Future<Void> lead(HttpServerRequest request, String location) {
    request.response().putHeader(HttpHeaders.VARY, HttpHeaders.REFERER);
    return Responses.redirect(request, 307, location);
  }

  /** The student's page that asks, if it is one of this very host. */
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
