package io.anteroom.edge.http;

import io.anteroom.http.SecurityHeaders;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What stands around the content of each page of our own; read once from the class path. */
public final class HtmlPages {
  private static final String CONTENT = "<!-- content -->";
  private static final String FRAME = resource("frame.html");

  private HtmlPages() {
  }

  /**
   * A whole page.
   *
   * @param title   plain text
   * @param content HTML
   */
  public static String around(String title, String content) {
    return FRAME.replace(CONTENT, "<h1>" + Pages.escaped(title) + "</h1>\n" + content);
  }

  /** A text that lies beside the frame. */
  public static String resource(String name) {
    try (InputStream in = HtmlPages.class.getResourceAsStream("/edge/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException("edge/" + name + " cannot be read from the class path", broken);
    }
  }

  /** Sends the pages that are our own, and writes what stands in them. */
  public static final class Pages {
    private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'%s; frame-ancestors 'none'; base-uri 'none'";

    private Pages() {
    }

    /** @param onward where else a form may lead to in the end; empty for nowhere */
    public static Future<Void> html(HttpServerRequest request, int status, String page, String onward) {
      request.response().setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader(SecurityHeaders.POLICY, POLICY.formatted(onward.isEmpty() ? "" : " " + onward));
      SecurityHeaders.addTo(request.response().headers());
      return request.method() == HttpMethod.HEAD ? request.response().end() : request.response().end(page);
    }

    /** Has the browser delete what pages of this origin have stored in it. */
    public static void forgetStored(HttpServerRequest request) {
      request.response().putHeader("Clear-Site-Data", "\"storage\", \"cache\"");
    }

    public static Future<Void> redirect(HttpServerRequest request, String location) {
      return request.response().setStatusCode(303)
        .putHeader(HttpHeaders.LOCATION, location)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end();
    }

    /** Where a student's page is. */
    public static String ofStudent(String user) {
      return "/u/" + encoded(user) + "/";
    }

    /** A text as it may stand in a query or in a path. */
    public static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A text as it may stand in HTML, in an attribute too. */
    public static String escaped(String text) {
      return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
        .replace("'", "&#39;");
    }
  }
}
