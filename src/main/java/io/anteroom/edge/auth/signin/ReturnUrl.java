package io.anteroom.edge.auth.signin;

import java.util.regex.Pattern;

/** Stops open redirects (CWE-601): after signing in a browser only goes to a path of this very site. */
public final class ReturnUrl {
  private static final Pattern LOCAL_PATH = Pattern.compile("/(?![/\\\\])[!-\\[\\]-~]{0,2000}");

  /** Continues to a student's origin after the sign-in. */
  public static final String TO_STUDENT_ORIGIN = "/signin/door";

  private ReturnUrl() {
  }

  /** The requested path; {@code fallback} for anything that could lead to another site, or back to signing in. */
  public static String safe(String next, String fallback) {
    return next != null && LOCAL_PATH.matcher(next).matches() && !loops(next) ? next : fallback;
  }

  private static boolean loops(String next) {
    return (next.startsWith("/signin") || next.startsWith("/signout")) && !next.startsWith(TO_STUDENT_ORIGIN + "?");
  }
}
