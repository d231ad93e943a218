package io.anteroom.edge.auth.isolation;

import io.anteroom.directory.Directory;
import io.anteroom.edge.auth.Authorizer;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.MemberAuthorizer;
import io.anteroom.edge.auth.SignInCache;
import io.anteroom.edge.auth.SignInCookie;
import io.anteroom.edge.auth.isolation.StudentOriginRoutes.OriginSignIn;
import io.anteroom.edge.auth.signin.SignInEndpoints;
import io.anteroom.edge.auth.signin.SignInMethod;
import io.anteroom.edge.auth.signin.SignInRoutes.SignOutRedirect;
import io.anteroom.identity.SignInStore;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Builds what an edge needs besides, where each student has an origin of their own (origin isolation).
 *
 * @param members      identifies who sends a request to the public origin
 * @param publicCookie the cookie that proves a sign-in there
 * @param programs     identifies whose program sends a request, by the credentials of each request
 */
public record IsolationSetup(StudentOrigins origins, ClientResolver clients, SignInStore signIns, SignInCache recent,
    Supplier<Directory> directory, MemberAuthorizer members, SignInCookie publicCookie, MemberAuthorizer programs) {

  /** Hands out tickets to students' origins, at the public origin. */
  public SignInMethod method() {
    return publicRoutes();
  }

  /** The redirect after a sign-out at the public origin. */
  public SignOutRedirect signOutRedirect() {
    return publicRoutes();
  }

  /** Authorizes at every origin. */
  public Authorizer authorizer() {
    return new OriginAuthorizer(members, origins, cookie(), recent, directory, programs);
  }

  /**
   * The pages for signing in, at every origin.
   *
   * @param publicSignIn those of the public origin
   * @param lifetime     of a sign-in
   */
  public SignInEndpoints signIn(SignInEndpoints publicSignIn, Duration lifetime) {
    return new OriginSignIn(origins, publicSignIn,
      new StudentOriginRoutes(origins, signIns, cookie(), clients, lifetime));
  }

  private PublicOriginRoutes publicRoutes() {
    return new PublicOriginRoutes(origins, members, signIns, recent, directory, publicCookie);
  }

  private OriginCookie cookie() {
    return new OriginCookie(origins, clients);
  }
}
