package io.anteroom.edge.auth;

import io.anteroom.config.User;

/**
 * Whose things are asked for, by somebody who may have them.
 *
 * @param onlyLooks whether he is somebody else, who may look and change nothing
 */
public record Visitor(User user, boolean onlyLooks) {
  public String name() {
    return user.name();
  }
}
