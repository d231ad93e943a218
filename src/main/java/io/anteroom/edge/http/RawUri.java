package io.anteroom.edge.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A path and query exactly as the browser sent them, never decoded and encoded again; detects path traversal (CWE-22).
 *
 * @param text as in the request line
 */
public record RawUri(String text) {
  private static final Pattern SLASHES = Pattern.compile("//+");
  private static final Pattern BROKEN_PERCENT = Pattern.compile("%(?!\\p{XDigit}{2})");
  /** Not valid UTF-8: some servers decode it to a dot or a slash. */
  private static final Pattern OVERLONG_OR_NUL = Pattern.compile("%(25)?(00|c[01])", Pattern.CASE_INSENSITIVE);
  private static final Pattern SEPARATORS = Pattern.compile("[/\\\\]");
  /** A dot, a slash, a backslash, a semicolon, a percent sign. */
  private static final Pattern ENCODED_SYNTAX = Pattern.compile("%(2e|2f|5c|3b|25)", Pattern.CASE_INSENSITIVE);
  private static final Set<String> CLIMBING = Set.of(".", "..");
  private static final int MAX_DECODINGS = 3;

  /** Whether it can be forwarded without another server reading a different path from it. */
  public boolean isSafe() {
    String path = path();
    return path.startsWith("/")
      && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#')
      && path.indexOf('\\') < 0
      && !OVERLONG_OR_NUL.matcher(path).find()
      && !climbs(path);
  }

  /** The path without the query. */
  public String path() {
    int question = text.indexOf('?');
    return question < 0 ? text : text.substring(0, question);
  }

  /** The query with its question mark; empty without one. */
  public String query() {
    return text.substring(path().length());
  }

  /** Whether its parameters can be decoded here; an instance may decode them differently. */
  public boolean hasReadableQuery() {
    return !BROKEN_PERCENT.matcher(query()).find();
  }

  /**
   * The path as an instance may read it, decoded and with single slashes. Only for choosing a route: {@code /%70rompt}
   * is {@code /prompt} to ComfyUI.
   */
  public String meaning() {
    return SLASHES.matcher(decoded(path())).replaceAll("/");
  }

  /**
   * The path with each of its segments decoded, but slashes within one stay {@code %2F}: one parameter of a route stays
   * one. Doubled slashes are kept, since such a path is no route of ComfyUI's.
   */
  public String segments() {
    return Arrays.stream(path().split("/", -1))
      .map(segment -> decoded(segment).replace("/", "%2F"))
      .collect(Collectors.joining("/"));
  }

  /** Percent-decodes a text once; returns it unchanged when the encoding is broken. */
  public static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      return text;
    }
  }

  /** Whether it climbs ({@code ..}) for a server that decodes it once or twice, or reads {@code ..;x} as {@code ..}. */
  private static boolean climbs(String path) {
    String read = path;
    for (int i = 0; i < MAX_DECODINGS; i++) {
      if (SEPARATORS.splitAsStream(read).map(part -> part.replaceFirst(";.*", "")).anyMatch(CLIMBING::contains)) {
        return true;
      }
      read = ENCODED_SYNTAX.matcher(read).replaceAll(found -> letter(found.group(1)));
    }
    return false;
  }

  private static String letter(String code) {
    return Matcher.quoteReplacement(Character.toString(Integer.parseInt(code, 16)));
  }
}
