package io.anteroom.edge.auth.signin;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** The part of an edge where one signs in and out. */
public interface SignInEndpoints {

  /** Whether this address is one of it. */
  boolean takes(HttpServerRequest request, String path);

  /** Whether a page of another site may send a form there: a launch, which proves itself. */
  boolean takesForeignForms(String path);

  /** Answers an address that it takes; done when it has been answered. */
  Future<Void> handle(HttpServerRequest request, String path);

  /** Sends a browser to where it signs in, so that it comes back to this address. */
  Future<Void> lead(HttpServerRequest request, String owner);
}
