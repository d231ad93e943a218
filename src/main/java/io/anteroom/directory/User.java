package io.anteroom.directory;

import java.util.Locale;

/**
 * A user who may sign in.
 *
 * @param name     as it appears in paths
 * @param instance the instance or pool of the user
 */
public record User(String name, String displayName, String group, Role role, String instance) {
  /** What a user may do. */
  public enum Role {
    STUDENT,
    TEACHER,
    ADMIN;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public User {
    if (!UserName.isName(name) || !name.equals(UserName.preserved(name))) {
      throw new IllegalArgumentException("not a user name: '%s'".formatted(UserName.shown(String.valueOf(name))));
    }
  }

  /** The same user with another display name. */
  public User shownAs(String otherName) {
    return new User(name, otherName, group, role, instance);
  }

  /** Whether this text names this user, in whatever spelling. */
  public boolean isCalled(String text) {
    return name.equals(text) || UserName.folded(name).equals(UserName.folded(text));
  }
}
