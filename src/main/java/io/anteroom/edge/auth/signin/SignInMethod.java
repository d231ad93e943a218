package io.anteroom.edge.auth.signin;

import io.anteroom.config.AuthSettings;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.identity.SignInStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/** One way to sign in that has addresses of its own below {@code /signin/}. */
public interface SignInMethod {

  /** The first part of its addresses, as {@code oidc} in {@code /signin/oidc/callback}; also names its button. */
  String name();

  /** Where the sign-in page's button for it leads, with {@code ?next=}; empty when it begins elsewhere. */
  String begin();

  /**
   * Answers one of its addresses.
   *
   * @param step what follows its name, without slashes around; empty for the beginning
   */
  Future<Void> handle(HttpServerRequest request, String step);

  /** Whether a page of another site may send a form to this step: only a launch, which proves itself. */
  default boolean takesForeignForms(String step) {
    return false;
  }

  /** What a way to sign in is made of. */
  public record WayParts(Vertx vertx, AuthSettings auth, SignInStore signIns, ClientResolver peers,
      SignInCompletion entrance) {
  }
}
