package io.anteroom.edge.auth.signin;

import java.util.regex.Pattern;

/** Where a browser goes after it has signed in: a place of this very site, whatever its address asked for. */
public final class ReturnUrl {
  private static final Pattern HERE = Pattern.compile("/(?![/\\\\])[!-\\[\\]-~]{0,2000}");

  /** Whoever comes from a student's door goes on here once he has signed in. */
  public static final String TO_A_DOOR = "/signin/door";

  private ReturnUrl() {
  }

  /** The path that was asked for; {@code otherwise} for anything that could lead away from here. */
  public static String safe(String next, String otherwise) {
    return next != null && HERE.matcher(next).matches() && !leadsInCircles(next) ? next : otherwise;
  }

  private static boolean leadsInCircles(String next) {
    return (next.startsWith("/signin") || next.startsWith("/signout")) && !next.startsWith(TO_A_DOOR + "?");
  }
}
