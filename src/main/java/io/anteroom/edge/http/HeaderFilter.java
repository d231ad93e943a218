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

/** Which headers cross Anteroom, in each direction. */
public final class HeaderFilter {
  /** Set by the boot script on the runs that it caught. */
  public static final String VIA = "X-Anteroom-Via";

  private static final String OUR_PREFIX = "anteroom";

  /** Of one connection, not of the message. */
  public static final Set<String> HOP_BY_HOP = Set.of("connection", "keep-alive", "proxy-connection",
    "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings");

  /**
   * What an instance must not learn, must not believe, or would refuse: it answers 403 to an origin that is not its
   * own, and takes {@code Comfy-User} for proof.
   */
  private static final Set<String> NOT_FOR_INSTANCES =
    Set.of("host", "origin", "authorization", "forwarded", "x-real-ip", "comfy-user", "expect", "remote-user",
      "x-remote-user", "x-original-url", "x-rewrite-url", "x-http-method-override");

  private static final List<String> NOT_FOR_INSTANCES_IF_BEGUN =
    List.of("x-forwarded-", "x-auth-", "remote-", "sec-fetch-", "sec-websocket-", "x-" + OUR_PREFIX);

  /** What an instance must not decide, since all students share one origin. */
  private static final Set<String> NOT_FOR_BROWSERS = Set.of("service-worker-allowed", "clear-site-data", "alt-svc",
    "strict-transport-security", "refresh", "nel", "report-to", "cross-origin-resource-policy");

  /** Beside the policies of the page: of several all hold. */
  private static final String FRAMED_BY_US_ONLY = "frame-ancestors 'self'";

  private static final String CROSS_ORIGIN = "access-control-allow-";
  /** A browser keeps {@code =a=b} as a cookie without a name, and sends it as {@code a=b}. */
  private static final Pattern BEFORE_THE_NAME = Pattern.compile("^[\\s=]*(__host-|__secure-)?[\\s=]*");

  private HeaderFilter() {
  }

  /**
   * Copies what an instance may see of a browser's request.
   *
   * @param credential the cookie in which the teaching system's token comes
   */
  public static void toInstance(MultiMap from, MultiMap to, Optional<String> credential) {
    Set<String> ofConnection = namedByConnection(from);
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals("cookie")) {
        addUnlessBlank(to, HttpHeaders.COOKIE, withoutOurs(header.getValue(), credential));
      } else if (!ofConnection.contains(name) && mayReachInstance(name)) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }

  /** Copies what a browser may see of an instance's answer, and adds what an instance cannot know. */
  public static void toBrowser(Iterable<Map.Entry<String, String>> from, MultiMap to, RedirectRewriter redirects) {
    Set<String> ofConnection = namedByConnection(from);
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals("location")) {
        redirects.lead(header.getValue()).ifPresent(location -> to.add(HttpHeaders.LOCATION, location));
      } else if (!ofConnection.contains(name) && mayReachBrowser(name, header.getValue())) {
        to.add(header.getKey(), header.getValue());
      }
    }
    to.add(SecurityHeaders.POLICY, FRAMED_BY_US_ONLY).add(SecurityHeaders.EMBEDDING, SecurityHeaders.BY_US_ALONE);
  }

  private static boolean mayReachInstance(String name) {
    return name.equals("sec-fetch-dest")
      || !NOT_FOR_INSTANCES.contains(name) && NOT_FOR_INSTANCES_IF_BEGUN.stream().noneMatch(name::startsWith);
  }

  private static boolean mayReachBrowser(String name, String value) {
    return !NOT_FOR_BROWSERS.contains(name)
      && !name.startsWith(CROSS_ORIGIN)
      && !(name.equals("set-cookie") && isOurs(value));
  }

  /** The hop-by-hop headers, and those that {@code Connection} makes so. */
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

  private static String withoutOurs(String cookies, Optional<String> credential) {
    return Arrays.stream(cookies.split(";"))
      .map(String::strip)
      .filter(cookie -> !cookie.isEmpty() && !isOurs(cookie))
      .filter(cookie -> credential.filter(name -> isNamed(cookie, name)).isEmpty())
      .collect(Collectors.joining("; "));
  }

  private static boolean isOurs(String cookie) {
    return nameAndValue(cookie).startsWith(OUR_PREFIX);
  }

  private static boolean isNamed(String cookie, String name) {
    return nameAndValue(cookie).startsWith(nameAndValue(name) + "=");
  }

  private static String nameAndValue(String cookie) {
    return BEFORE_THE_NAME.matcher(cookie.toLowerCase(Locale.ROOT)).replaceFirst("");
  }

  private static void addUnlessBlank(MultiMap headers, CharSequence name, String value) {
    if (!value.isBlank()) {
      headers.add(name, value);
    }
  }
}
