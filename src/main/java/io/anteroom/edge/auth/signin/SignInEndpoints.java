package io.anteroom.edge.auth.signin;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** The pages and addresses of an edge for signing in and out. */
public interface SignInEndpoints {

  /** Whether it answers this path. */
  boolean takes(HttpServerRequest request, String path);

  /** Whether the CSRF check is left out for this path: a launch, which proves itself. */
  boolean takesForeignForms(String path);

  /** Answers a path that it takes; done when the response has been sent. */
  Future<Void> handle(HttpServerRequest request, String path);

  /** Redirects a browser to sign in and come back to this address. */
  Future<Void> lead(HttpServerRequest request, String owner);
}
