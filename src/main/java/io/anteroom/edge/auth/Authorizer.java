package io.anteroom.edge.auth;

import io.anteroom.directory.User;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/**
 * Decides what the sender of a request may access. Open sockets are checked again and again, see {@link
 * AccessRevalidator}.
 */
public interface Authorizer {

  /** Access to what belongs to {@code owner}; fails when there is no such user, or the sender may not have it. */
  Future<Access> ownerOf(HttpServerRequest request, String owner);

  /** Access to what belongs to the sender. */
  Future<Access> self(HttpServerRequest request);

  /** Access outside of a student's path: to what belongs to the user named by {@code ?user=}, else to the sender. */
  default Future<Access> ofQuery(HttpServerRequest request) {
    String named = request.getParam("user");
    return named == null ? self(request) : ownerOf(request, named);
  }

  /**
   * Granted access.
   *
   * @param user     whose tasks and files these are
   * @param readOnly whether the sender is a viewer, who may change nothing
   */
  public record Access(User user, boolean readOnly) {
    public String name() {
      return user.name();
    }

    /** The key of the sender's limits: viewers use up none of the owner's. No name contains a quotation mark. */
    public String counted() {
      return readOnly ? "viewers of \"" + name() + '"' : name();
    }
  }
}
