package io.anteroom.edge.auth;

import io.anteroom.directory.User;

/**
 * Whose things are asked for, by somebody who may have them.
 *
 * @param onlyLooks whether he is somebody else, who may look and change nothing
 */
public record Visitor(User user, boolean onlyLooks) {
  public String name() {
    return user.name();
  }

  /** Under which the visitor is counted: viewers use up nothing of the owner. No name has a quotation mark in it. */
  public String counted() {
    return onlyLooks ? "who looks at \"" + name() + '"' : name();
  }
}
