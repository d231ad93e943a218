package io.anteroom.edge.auth.password;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Codes that are printed, handed out and typed in: 59 bits, in letters and digits that are not easily confused. */
public final class OneTimeCode {
  private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
  private static final int GROUPS = 3;
  private static final int IN_GROUP = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  private OneTimeCode() {
  }

  /** A random code as it is printed, {@code k7qf-m2xw-9dra}. */
  public static String random() {
    return IntStream.range(0, GROUPS).mapToObj(group -> RANDOM.ints(IN_GROUP, 0, LETTERS.length())
      .mapToObj(LETTERS::charAt).map(String::valueOf).collect(Collectors.joining())).collect(Collectors.joining("-"));
  }

  /** The form that is hashed: without blanks, hyphens and upper case, which typing may add or leave out. */
  public static String plain(String typed) {
    return typed.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT);
  }
}
