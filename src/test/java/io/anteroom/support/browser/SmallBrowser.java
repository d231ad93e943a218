package io.anteroom.support.browser;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser without a window: keeps each site's cookies, and goes where it is sent when a test says so. */
public final class SmallBrowser {
  private static final Pattern FIELD = Pattern.compile("name=\"([^\"]+)\" value=\"([^\"]*)\"");
  private static final Pattern ACTION = Pattern.compile("action=\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
  private final Map<String, Map<String, String>> cookies = new HashMap<>();

  /** What a site answered. */
  public record Seen(URI at, int status, String location, List<String> setCookies, String body) {
    /** Where it leads, as a whole address. */
    public URI next() {
      return at.resolve(location);
    }

    /** The value of a field of its form. */
    public String field(String name) {
      return fields().get(name);
    }

    public Map<String, String> fields() {
      return FIELD.matcher(body).results().collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
    }

    public URI action() {
      return URI.create(ACTION.matcher(body).results().map((MatchResult found) -> found.group(1)).findFirst()
        .orElseThrow());
    }
  }

  public Seen get(String address) {
    return send(HttpRequest.newBuilder(URI.create(address)).GET().header("Accept", "text/html"));
  }

  /** Asks as a script does, which no page to sign in on is of use to. */
  public Seen ask(String address) {
    return send(HttpRequest.newBuilder(URI.create(address)).GET());
  }

  public Seen delete(String address) {
    return send(HttpRequest.newBuilder(URI.create(address)).DELETE());
  }

  /** Opens an address and goes on wherever it leads, until a page comes that leads nowhere, or one of this site. */
  public Seen getUntil(String address, String site) {
    Seen seen = get(address);
    while (seen.location() != null && !seen.next().toString().startsWith(site)) {
      seen = get(seen.next().toString());
    }
    return seen;
  }

  /** Sends a form as a page of this origin would. */
  public Seen post(String address, Map<String, String> form, String origin) {
    String body = form.entrySet().stream().map(field -> field.getKey() + "="
      + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
    return send(HttpRequest.newBuilder(URI.create(address)).POST(BodyPublishers.ofString(body))
      .header("Content-Type", "application/x-www-form-urlencoded").header("Origin", origin));
  }

  /** Its cookies for a site, which a test may change. */
  public Map<String, String> cookies(String site) {
    return cookies.computeIfAbsent(URI.create(site).getAuthority(), first -> new HashMap<>());
  }

  private Seen send(HttpRequest.Builder question) {
    URI at = question.build().uri();
    Map<String, String> jar = cookies(at.toString());
    if (!jar.isEmpty()) {
      question.header("Cookie", jar.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue())
        .collect(Collectors.joining("; ")));
    }
    try {
      HttpResponse<String> answer = http.send(question.build(), BodyHandlers.ofString());
      List<String> set = answer.headers().allValues("Set-Cookie");
      set.forEach(cookie -> keep(jar, cookie.substring(0, cookie.indexOf(';'))));
      return new Seen(at, answer.statusCode(), answer.headers().firstValue("Location").orElse(null), set,
        answer.body());
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private static void keep(Map<String, String> jar, String cookie) {
    int equals = cookie.indexOf('=');
    jar.put(cookie.substring(0, equals), cookie.substring(equals + 1));
  }
}
