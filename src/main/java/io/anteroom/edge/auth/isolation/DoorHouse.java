package io.anteroom.edge.auth.isolation;

import io.anteroom.directory.Directory;
import io.anteroom.edge.auth.Authenticator;
import io.anteroom.edge.auth.Members;
import io.anteroom.edge.auth.Peers;
import io.anteroom.edge.auth.RecentSignIns;
import io.anteroom.edge.auth.SignInCookie;
import io.anteroom.edge.auth.isolation.DoorRoutes.DoorSignIn;
import io.anteroom.edge.auth.signin.SignInPart;
import io.anteroom.edge.auth.signin.SignInRoutes.Leaving;
import io.anteroom.edge.auth.signin.SignInWay;
import io.anteroom.identity.SignIns;
import java.time.Duration;
import java.util.function.Supplier;

/** Puts together what an edge with doors has besides that of one without. */
public final class DoorHouse {
  private final Doors doors;
  private final Known known;
  private final DoorCookie cookie;
  private final Hall hall;
  private final Members programs;

  /** What the hall and the doors know of who comes. */
  public record Known(Peers peers, SignIns signIns, RecentSignIns recent, Supplier<Directory> directory) {
  }

  /**
   * @param members tells who is in the hall
   * @param ofHall  the cookie by which he is known there
   * @param programs tells whose program asks, by the credentials that it sends with each request
   */
  public DoorHouse(Doors doors, Known known, Members members, SignInCookie ofHall, Members programs) {
    this.doors = doors;
    this.programs = programs;
    this.known = known;
    this.cookie = new DoorCookie(doors, known.peers());
    this.hall = new Hall(doors, members, known, ofHall);
  }

  public Doors doors() {
    return doors;
  }

  /** Where one gets a pass, in the hall. */
  public SignInWay way() {
    return hall;
  }

  /** For who signs out there. */
  public Leaving leaving() {
    return hall;
  }

  /** @param hall tells who asks there */
  public Authenticator authenticator(Authenticator hall) {
    return new DoorAuthenticator(hall, doors, cookie, known, programs);
  }

  /**
   * @param hall     where one signs in
   * @param lifetime of a sign-in
   */
  public SignInPart signIn(SignInPart hall, Duration lifetime) {
    return new DoorSignIn(doors, hall,
      new DoorRoutes(doors, known.signIns(), cookie, known.peers(), lifetime));
  }
}
