package io.anteroom.edge.http;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.anteroom.http.Language;
import io.anteroom.http.SecurityHeaders;
import io.anteroom.identity.Sha256;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The templates of our own pages, in {@code src/main/jte}; each escapes every value for the place where it stands. */
public final class HtmlPages {
  /** The address of our icon. */
  public static final String FAVICON = "/favicon.svg";
  /** The style sheet of all pages. */
  public static final String STYLE = resource("pages.css").toString();
  /** Where there is no sign-in, tells how to find one's own page. */
  public static final Page LANDING = new Page("landing.jte", Optional.of("/"), Map.of());

  private static final Buffer ICON = resource("favicon.svg");
  private static final TemplateEngine TEMPLATES = TemplateEngine.createPrecompiled(ContentType.Html);

  private HtmlPages() {
  }

  private static Buffer resource(String name) {
    try (InputStream in = HtmlPages.class.getResourceAsStream("/edge/" + name)) {
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException broken) {
      throw new UncheckedIOException("edge/" + name + " cannot be read from the class path", broken);
    }
  }

  /**
   * A page before it is written in a language.
   *
   * @param address where a browser gets the same page again; empty when it cannot
   * @param values  by the names of the template's parameters
   */
  public record Page(String template, Optional<String> address, Map<String, Object> values) {

    public String in(Language language) {
      return in(new PageLanguage(language, address));
    }

    private String in(PageLanguage language) {
      Map<String, Object> parameters = new HashMap<>(values);
      parameters.put("lang", language);
      StringOutput html = new StringOutput();
      TEMPLATES.render(template, parameters, html);
      return html.toString();
    }
  }

  /** Sends our own pages, and writes the addresses in them. */
  public static final class Pages {
    /** No script runs (XSS), and no style but ours applies; the page is framed nowhere (clickjacking). */
    private static final String POLICY = "default-src 'none'; style-src 'sha256-"
      + Base64.getEncoder().encodeToString(Sha256.of(STYLE))
      + "'; img-src 'self'; form-action 'self'%s; frame-ancestors 'none'; base-uri 'none'";

    private Pages() {
    }

    /** Answers with the page in the reader's language. */
    public static Future<Void> send(HttpServerRequest request, Page page) {
      return send(request, 200, page, "");
    }

    /** @param formTargets other origins to which a form may lead in the end; empty for none */
    public static Future<Void> send(HttpServerRequest request, int status, Page page, String formTargets) {
      String html = page.in(PageLanguage.of(request, page.address()));
      request.response().setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader(SecurityHeaders.POLICY, POLICY.formatted(formTargets.isEmpty() ? "" : " " + formTargets))
        .headers().add(HttpHeaders.VARY, "Accept-Language, Cookie");
      SecurityHeaders.addTo(request.response().headers());
      return request.method() == HttpMethod.HEAD ? request.response().end() : request.response().end(html);
    }

    /** Answers with our icon, which browsers may keep for a day. */
    public static Future<Void> favicon(HttpServerRequest request) {
      request.response().putHeader(HttpHeaders.CONTENT_TYPE, "image/svg+xml")
        .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=86400");
      return Responses.send(request, ICON);
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
  }
}
