package io.anteroom.identity;

import io.anteroom.directory.User;
import io.anteroom.directory.UserName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The identity of a user who has signed in, however they proved it.
 *
 * @param user   the name, folded by {@link UserName#folded}
 * @param groups the groups of a student, or those that a teacher teaches
 */
public record Identity(String user, String displayName, Set<String> groups, User.Role role) {
  public static final int MAX_GROUPS = 200;

  public Identity {
    if (!UserName.isName(user) || !user.equals(UserName.folded(user))) {
      throw new IllegalArgumentException("not a user's name: '%s'".formatted(UserName.shown(user)));
    }
    if (groups.size() > MAX_GROUPS) {
      throw new IllegalArgumentException("more than %d groups: %d".formatted(MAX_GROUPS, groups.size()));
    }
    groups = Set.copyOf(groups);
  }

  /** As it is stored. */
  public JsonObject toJson() {
    return new JsonObject()
      .put("user", user)
      .put("name", displayName)
      .put("groups", new JsonArray(List.copyOf(groups)))
      .put("role", role.name());
  }

  /** The inverse of {@link #toJson}. */
  public static Identity of(JsonObject json) {
    return new Identity(json.getString("user"), json.getString("name"),
      json.getJsonArray("groups").stream().map(String.class::cast).collect(Collectors.toSet()),
      User.Role.valueOf(json.getString("role")));
  }
}
