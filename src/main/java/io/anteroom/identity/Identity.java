package io.anteroom.identity;

import io.anteroom.directory.User;
import io.anteroom.directory.UserName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who somebody is, however he proved it.
 *
 * @param user   his name, folded by {@link UserName#folded}
 * @param groups those that he is in, or teaches
 */
public record Identity(String user, String displayName, Set<String> groups, User.Role role) {
  public static final int MOST_GROUPS = 200;

  public Identity {
    if (!UserName.isName(user) || !user.equals(UserName.folded(user))) {
      throw new IllegalArgumentException("not a user's name: '%s'".formatted(UserName.shown(user)));
    }
    if (groups.size() > MOST_GROUPS) {
      throw new IllegalArgumentException("more than %d groups: %d".formatted(MOST_GROUPS, groups.size()));
    }
    groups = Set.copyOf(groups);
  }

  /** As it is kept. */
  public JsonObject toJson() {
    return new JsonObject()
      .put("user", user)
      .put("name", displayName)
      .put("groups", new JsonArray(List.copyOf(groups)))
      .put("role", role.name());
  }

  /** What {@link #toJson} has made. */
  public static Identity of(JsonObject json) {
    return new Identity(json.getString("user"), json.getString("name"),
      json.getJsonArray("groups").stream().map(String.class::cast).collect(Collectors.toSet()),
      User.Role.valueOf(json.getString("role")));
  }
}
