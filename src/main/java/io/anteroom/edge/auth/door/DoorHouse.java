package io.anteroom.edge.auth.door;

import io.anteroom.config.Directory;
import io.anteroom.edge.auth.Authenticator;
import io.anteroom.edge.auth.Members;
import io.anteroom.edge.auth.Peers;
import io.anteroom.edge.auth.RecentSignIns;
import io.anteroom.edge.auth.SignInCookie;
import io.anteroom.edge.auth.SignInPage;
import io.anteroom.edge.auth.SignInPart;
import io.anteroom.edge.auth.SignInWay;
import io.anteroom.signin.SignIns;
import java.time.Duration;
import java.util.function.Supplier;

/** Puts together what an edge with doors has besides that of one without. */
public final class DoorHouse {
  private final Doors doors;
  private final Peers peers;
  private final SignIns signIns;
  private final RecentSignIns recent;
  private final Supplier<Directory> directory;
  private final DoorCookie cookie;

  public DoorHouse(Doors doors, Peers peers, SignIns signIns, RecentSignIns recent, Supplier<Directory> directory) {
    this.doors = doors;
    this.peers = peers;
    this.signIns = signIns;
    this.recent = recent;
    this.directory = directory;
    this.cookie = new DoorCookie(doors, peers);
  }

  public Doors doors() {
    return doors;
  }

  /** Where one gets a pass, in the hall. */
  public SignInWay way(Members members, SignInCookie ofHall) {
    return new Hall(doors, members, signIns, ofHall, directory);
  }

  /** @param hall tells who asks there */
  public Authenticator authenticator(Authenticator hall) {
    return new DoorAuthenticator(hall, doors, cookie, recent, directory);
  }

  /**
   * @param hall     where one signs in
   * @param page     for who is not let in
   * @param lifetime of a sign-in
   */
  public SignInPart signIn(SignInPart hall, SignInPage page, Duration lifetime) {
    return new DoorSignIn(doors, hall,
      new DoorRoutes(doors, signIns, cookie, peers, new DoorRoutes.Terms(page, lifetime)));
  }
}
