package io.anteroom.edge.auth;

import io.anteroom.config.User;

/** Who asks, as sure as the mode of sign-in makes it. */
public record Identity(User user) {
  public String name() {
    return user.name();
  }
}
