package io.anteroom.edge.auth.signin;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** A method of signing in with addresses of its own below {@code /signin/}. */
public interface SignInMethod {

  /** The first part of its addresses, as {@code oidc} in {@code /signin/oidc/callback}; also names its button. */
  String name();

  /** The address of its button on the sign-in page, without {@code ?next=}; empty when it begins elsewhere. */
  String begin();

  /**
   * Answers one of its addresses.
   *
   * @param step the path after its name, without slashes around; empty for the first step
   */
  Future<Void> handle(HttpServerRequest request, String step);

  /** Whether the CSRF check is left out for this step: only for a launch, which proves itself. */
  default boolean takesForeignForms(String step) {
    return false;
  }
}
