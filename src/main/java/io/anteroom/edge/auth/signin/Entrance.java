package io.anteroom.edge.auth.signin;

import io.anteroom.identity.Identity;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Where every sign-in ends that began with a page: the browser gets its cookie and goes on to where it wanted. */
public interface Entrance {

  /**
   * Lets somebody in who has proved who he is; refused when the lab does not know him.
   *
   * @param next where the browser wanted to go, as the browser said it: anything
   */
  Future<Void> admit(HttpServerRequest request, Identity identity, String next);
}
