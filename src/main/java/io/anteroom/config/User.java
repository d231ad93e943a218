package io.anteroom.config;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Somebody who may come in.
 *
 * @param name     as it stands in paths
 * @param instance the instance or the pool that is his
 */
public record User(String name, String displayName, String group, Role role, String instance) {
  static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@-]{0,63}");

  /** What somebody may do. */
  public enum Role {
    STUDENT,
    TEACHER,
    ADMIN;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public User {
    if (!isName(name)) {
      throw new IllegalArgumentException("not a user name: '%s'; letters, digits and . _ @ - are allowed, 64 at most"
        .formatted(name));
    }
  }

  /** The spelling by which names are compared that come from elsewhere: whatever the letters' width or case. */
  public static String folded(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT).strip();
  }

  /** Whether a text can be a user's name at all. */
  public static boolean isName(String text) {
    return text != null && NAME.matcher(text).matches();
  }
}
