package io.anteroom.edge.http;

import io.anteroom.http.SecurityHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Filters the headers that pass between browsers and instances, in each direction. */
public final class HeaderFilter {
  /** Set by the boot script on the runs that it intercepted. */
  public static final String VIA = "X-Anteroom-Via";

  private static final String OWN_PREFIX = "anteroom";

  /** Headers of one connection, not of the message (RFC 9110, section 7.6.1). */
  public static final Set<String> HOP_BY_HOP = Set.of("connection", "keep-alive", "proxy-connection",
    "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings");

  /**
   * Headers that an instance must not see, must not trust, or would reject: it answers 403 to an origin that is not its
   * own, and trusts {@code Comfy-User}.
   */
  private static final Set<String> NOT_FOR_INSTANCES =
    Set.of("host", "origin", "authorization", "forwarded", "x-real-ip", "comfy-user", "expect", "remote-user",
      "x-remote-user", "x-original-url", "x-rewrite-url", "x-http-method-override");

  private static final List<String> NOT_FOR_INSTANCES_PREFIXES =
    List.of("x-forwarded-", "x-auth-", "remote-", "sec-fetch-", "sec-websocket-", "x-" + OWN_PREFIX);

  /** Headers that an instance must not set, since students may share one origin. */
  private static final Set<String> NOT_FOR_BROWSERS = Set.of("service-worker-allowed", "clear-site-data", "alt-svc",
    "strict-transport-security", "refresh", "nel", "report-to", "cross-origin-resource-policy");

  /** Sent besides the policies of the page; a browser enforces all of them. */
  private static final String FRAMED_BY_SELF_ONLY = "frame-ancestors 'self'";

  private static final String CROSS_ORIGIN = "access-control-allow-";
  /** A browser stores {@code =a=b} as a cookie without a name, and sends it as {@code a=b}. */
  private static final Pattern COOKIE_NAME_PREFIX = Pattern.compile("^[\\s=]*(__host-|__secure-)?[\\s=]*");

  private HeaderFilter() {
  }

  /**
   * Copies the headers of a browser's request that an instance may see.
   *
   * @param credential the cookie that carries the teaching system's token
   */
  public static void toInstance(MultiMap from, MultiMap to, Optional<String> credential) {
    Set<String> ofConnection = namedByConnection(from);
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals("cookie")) {
        addUnlessBlank(to, HttpHeaders.COOKIE, withoutOwn(header.getValue(), credential));
      } else if (!ofConnection.contains(name) && mayReachInstance(name)) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }

  /** Copies the headers of an instance's response that a browser may see, and adds Anteroom's own policies. */
  public static void toBrowser(Iterable<Map.Entry<String, String>> from, MultiMap to, RedirectRewriter redirects) {
    Set<String> ofConnection = namedByConnection(from);
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals("location")) {
        redirects.rewrite(header.getValue()).ifPresent(location -> to.add(HttpHeaders.LOCATION, location));
      } else if (!ofConnection.contains(name) && mayReachBrowser(name, header.getValue())) {
        to.add(header.getKey(), header.getValue());
      }
    }
    to.add(SecurityHeaders.POLICY, FRAMED_BY_SELF_ONLY).add(SecurityHeaders.EMBEDDING, SecurityHeaders.BY_US_ALONE);
  }

  private static boolean mayReachInstance(String name) {
    return name.equals("sec-fetch-dest")
      || !NOT_FOR_INSTANCES.contains(name) && NOT_FOR_INSTANCES_PREFIXES.stream().noneMatch(name::startsWith);
  }

  private static boolean mayReachBrowser(String name, String value) {
    return !NOT_FOR_BROWSERS.contains(name)
      && !name.startsWith(CROSS_ORIGIN)
      && !(name.equals("set-cookie") && isOwn(value));
  }

  /** The hop-by-hop headers, with those that {@code Connection} lists. */
  private static Set<String> namedByConnection(Iterable<Map.Entry<String, String>> headers) {
    Set<String> names = new HashSet<>(HOP_BY_HOP);
    for (Map.Entry<String, String> header : headers) {
      if (header.getKey().equalsIgnoreCase("connection")) {
        Arrays.stream(header.getValue().toLowerCase(Locale.ROOT).replace('_', '-').split(",")).map(String::strip)
          .forEach(names::add);
      }
    }
    names.remove("content-length");
    return names;
  }

  private static String withoutOwn(String cookies, Optional<String> credential) {
    return Arrays.stream(cookies.split(";"))
      .map(String::strip)
      .filter(cookie -> !cookie.isEmpty() && !isOwn(cookie))
      .filter(cookie -> credential.filter(name -> isNamed(cookie, name)).isEmpty())
      .collect(Collectors.joining("; "));
  }

  private static boolean isOwn(String cookie) {
    return nameAndValue(cookie).startsWith(OWN_PREFIX);
  }

  private static boolean isNamed(String cookie, String name) {
    return nameAndValue(cookie).startsWith(nameAndValue(name) + "=");
  }

  private static String nameAndValue(String cookie) {
    return COOKIE_NAME_PREFIX.matcher(cookie.toLowerCase(Locale.ROOT)).replaceFirst("");
  }

  private static void addUnlessBlank(MultiMap headers, CharSequence name, String value) {
    if (!value.isBlank()) {
      headers.add(name, value);
    }
  }
}
