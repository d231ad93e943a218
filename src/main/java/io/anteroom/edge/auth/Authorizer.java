package io.anteroom.edge.auth;

import io.anteroom.directory.User;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Tells who asks; asked again and again while a socket is open, so that nobody stays who may not come in any more. */
public interface Authorizer {

  /** Who asks for something that belongs to {@code owner}; refused when that is nobody, or not his. */
  Future<Access> ownerOf(HttpServerRequest request, String owner);

  /** Who asks for something of his own, without saying whose it is. */
  Future<Access> self(HttpServerRequest request);

  /** Who asks outside of a student's path: for what is his own, or belongs to whom he names by {@code ?user=}. */
  default Future<Access> asker(HttpServerRequest request) {
    String named = request.getParam("user");
    return named == null ? self(request) : ownerOf(request, named);
  }

  /**
   * Whose things are asked for, by somebody who may have them.
   *
   * @param onlyLooks whether he is somebody else, who may look and change nothing
   */
  public record Access(User user, boolean onlyLooks) {
    public String name() {
      return user.name();
    }

    /** Under which the visitor is counted: viewers use up nothing of the owner. No name has a quotation mark in it. */
    public String counted() {
      return onlyLooks ? "who looks at \"" + name() + '"' : name();
    }
  }
}
