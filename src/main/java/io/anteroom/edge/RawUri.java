package io.anteroom.edge;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A path and query exactly as the browser sent them, never decoded and encoded again on their way.
 *
 * @param text as it stands in the request line
 */
record RawUri(String text) {
  private static final Pattern SLASHES = Pattern.compile("//+");
  private static final Pattern BROKEN_PERCENT = Pattern.compile("%(?!\\p{XDigit}{2})");
  private static final Pattern ENCODED_DOT = Pattern.compile("%2e", Pattern.CASE_INSENSITIVE);

  /** Whether it can be passed on without another server reading a different path out of it. */
  boolean isSafe() {
    String path = path();
    return path.startsWith("/")
      && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#')
      && path.indexOf('\\') < 0
      && Arrays.stream(path.split("/")).noneMatch(RawUri::climbs);
  }

  /** The path without the query. */
  String path() {
    int question = text.indexOf('?');
    return question < 0 ? text : text.substring(0, question);
  }

  /** The query with its question mark; empty without one. */
  String query() {
    return text.substring(path().length());
  }

  /** Whether its parameters can be read by us; an instance may see it otherwise. */
  boolean hasReadableQuery() {
    return !BROKEN_PERCENT.matcher(query()).find();
  }

  /**
   * The path as an instance may read it, decoded and with single slashes: only for deciding what is meant, since {@code
   * /%70rompt} is {@code /prompt} to ComfyUI.
   */
  String meaning() {
    return SLASHES.matcher(decoded(path())).replaceAll("/");
  }

  /** A text with its percent signs decoded once; as it is when they are broken. */
  static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      return text;
    }
  }

  private static boolean climbs(String segment) {
    String plain = ENCODED_DOT.matcher(segment).replaceAll(".");
    return plain.equals(".") || plain.equals("..");
  }
}
