package io.anteroom.signin;

import io.anteroom.config.User;
import java.util.Set;

/**
 * Who somebody is, however he proved it.
 *
 * @param user   his name, folded by {@link User#folded}
 * @param groups those that he is in, or teaches
 */
public record Identity(String user, String displayName, Set<String> groups, User.Role role) {
  private static final int MOST_GROUPS = 200;

  public Identity {
    if (!User.isName(user) || !user.equals(User.folded(user))) {
      throw new IllegalArgumentException("not a user's name: '%s'".formatted(user));
    }
    if (groups.size() > MOST_GROUPS) {
      throw new IllegalArgumentException("more than %d groups: %d".formatted(MOST_GROUPS, groups.size()));
    }
    groups = Set.copyOf(groups);
  }
}
