package io.anteroom.edge.auth.door;

import io.anteroom.edge.auth.AuthRefusals;
import io.anteroom.edge.auth.Authenticator;
import io.anteroom.edge.auth.Member;
import io.anteroom.edge.auth.Visitor;
import io.anteroom.edge.auth.door.DoorHouse.Known;
import io.anteroom.edge.auth.door.DoorCookie.Key;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** At a door only its own cookie counts, and only for what belongs to its owner; in the hall what counts there. */
final class DoorAuthenticator implements Authenticator {
  private final Authenticator hall;
  private final Doors doors;
  private final DoorCookie cookie;
  private final Known known;

  DoorAuthenticator(Authenticator hall, Doors doors, DoorCookie cookie, Known known) {
    this.hall = hall;
    this.doors = doors;
    this.cookie = cookie;
    this.known = known;
  }

  @Override
  public Future<Visitor> ownerOf(HttpServerRequest request, String owner) {
    return doors.at(request).isEmpty() ? hall.ownerOf(request, owner)
      : withKey(request).compose(key -> key.owner().equals(owner) ? open(key)
        : Future.failedFuture(AuthRefusals.notYours(owner, key.owner())));
  }

  @Override
  public Future<Visitor> self(HttpServerRequest request) {
    return doors.at(request).isEmpty() ? hall.self(request) : withKey(request).compose(this::open);
  }

  private Future<Key> withKey(HttpServerRequest request) {
    return cookie.key(request).map(Future::succeededFuture)
      .orElseGet(() -> Future.failedFuture(AuthRefusals.signInNeeded()));
  }

  private Future<Visitor> open(Key key) {
    return known.recent().find(key.scope(), key.token()).compose(found -> found
      .flatMap(identity -> Member.of(known.directory().get(), identity))
      .map(member -> member.at(known.directory().get(), key.owner()))
      .orElseGet(() -> Future.failedFuture(AuthRefusals.signInNeeded())));
  }
}
