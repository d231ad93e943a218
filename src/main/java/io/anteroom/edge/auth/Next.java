package io.anteroom.edge.auth;

import java.util.regex.Pattern;

/** Where a browser goes after it has signed in: a place of this very site, whatever its address asked for. */
final class Next {
  private static final Pattern HERE = Pattern.compile("/(?![/\\\\])[!-\\[\\]-~]{0,2000}");

  private Next() {
  }

  /** The path that was asked for; {@code otherwise} for anything that could lead away from here. */
  static String safe(String next, String otherwise) {
    return next != null && HERE.matcher(next).matches() && !next.startsWith("/signin") && !next.startsWith("/signout")
      ? next : otherwise;
  }
}
