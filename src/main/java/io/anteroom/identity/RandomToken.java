package io.anteroom.identity;

import java.security.SecureRandom;
import java.util.Base64;

/** Unguessable tokens: 256 random bits, in letters that are safe in a URL and a cookie. */
public final class RandomToken {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;

  private RandomToken() {
  }

  public static String next() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
