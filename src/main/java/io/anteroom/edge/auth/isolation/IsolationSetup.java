package io.anteroom.edge.auth.isolation;

import io.anteroom.directory.Directory;
import io.anteroom.edge.auth.Authorizer;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.MemberAuthorizer;
import io.anteroom.edge.auth.SignInCache;
import io.anteroom.edge.auth.SignInCookie;
import io.anteroom.edge.auth.isolation.StudentOriginRoutes.DoorSignIn;
import io.anteroom.edge.auth.signin.SignInEndpoints;
import io.anteroom.edge.auth.signin.SignInMethod;
import io.anteroom.edge.auth.signin.SignInRoutes.Leaving;
import io.anteroom.identity.SignInStore;
import java.time.Duration;
import java.util.function.Supplier;

/** Puts together what an edge with doors has besides that of one without. */
public final class IsolationSetup {
  private final StudentOrigins doors;
  private final Known known;
  private final OriginCookie cookie;
  private final PublicOriginRoutes hall;
  private final MemberAuthorizer programs;

  /** What the hall and the doors know of who comes. */
  public record Known(ClientResolver peers, SignInStore signIns, SignInCache recent, Supplier<Directory> directory) {
  }

  /**
   * @param members tells who is in the hall
   * @param ofHall  the cookie by which he is known there
   * @param programs tells whose program asks, by the credentials that it sends with each request
   */
  public IsolationSetup(StudentOrigins doors, Known known, MemberAuthorizer members, SignInCookie ofHall,
      MemberAuthorizer programs) {
    this.doors = doors;
    this.programs = programs;
    this.known = known;
    this.cookie = new OriginCookie(doors, known.peers());
    this.hall = new PublicOriginRoutes(doors, members, known, ofHall);
  }

  public StudentOrigins doors() {
    return doors;
  }

  /** Where one gets a pass, in the hall. */
  public SignInMethod way() {
    return hall;
  }

  /** For who signs out there. */
  public Leaving leaving() {
    return hall;
  }

  /** @param hall tells who asks there */
  public Authorizer authenticator(Authorizer hall) {
    return new OriginAuthorizer(hall, doors, cookie, known, programs);
  }

  /**
   * @param hall     where one signs in
   * @param lifetime of a sign-in
   */
  public SignInEndpoints signIn(SignInEndpoints hall, Duration lifetime) {
    return new DoorSignIn(doors, hall,
      new StudentOriginRoutes(doors, known.signIns(), cookie, known.peers(), lifetime));
  }
}
