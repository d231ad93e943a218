package io.anteroom.edge.auth.isolation;

import io.anteroom.directory.User;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.Authorizer;
import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.edge.auth.Member;
import io.anteroom.edge.auth.MemberAuthorizer;
import io.anteroom.edge.auth.isolation.IsolationSetup.Known;
import io.anteroom.edge.auth.isolation.OriginCookie.Key;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/**
 * At a door only its own cookie counts, or what a program of its owner sends in {@code Authorization}, and only for
 * what belongs to its owner; in the hall what counts there.
 */
final class OriginAuthorizer implements Authorizer {
  private final Authorizer hall;
  private final StudentOrigins doors;
  private final OriginCookie cookie;
  private final Known known;
  private final MemberAuthorizer programs;

  OriginAuthorizer(Authorizer hall, StudentOrigins doors, OriginCookie cookie, Known known, MemberAuthorizer programs) {
    this.hall = hall;
    this.doors = doors;
    this.cookie = cookie;
    this.known = known;
    this.programs = programs;
  }

  @Override
  public Future<Access> ownerOf(HttpServerRequest request, String owner) {
    return doors.at(request).map(door -> atDoor(request, door).compose(visitor -> visitor.user().isCalled(owner)
        ? Future.succeededFuture(visitor) : Future.failedFuture(AuthErrors.notYours(owner, visitor.name()))))
      .orElseGet(() -> hall.ownerOf(request, owner));
  }

  @Override
  public Future<Access> self(HttpServerRequest request) {
    return doors.at(request).map(door -> atDoor(request, door)).orElseGet(() -> hall.self(request));
  }

  private Future<Access> atDoor(HttpServerRequest request, String door) {
    return cookie.key(request).map(this::open).orElseGet(() -> programs.of(request)
      .compose(member -> own(request, door, member.user())));
  }

  /** The only door that a program opens is that of its own user, whoever else he may look at. */
  private Future<Access> own(HttpServerRequest request, String door, User user) {
    return doors.of(user).compose(own -> own.equals(door) ? Future.succeededFuture(new Access(user, false))
      : Future.failedFuture(AuthErrors.notYourAddress(user.name(), doors.origin(request, own))));
  }

  private Future<Access> open(Key key) {
    return known.recent().find(key.scope(), key.token()).compose(found -> found
      .flatMap(identity -> Member.of(known.directory().get(), identity))
      .map(member -> member.at(known.directory().get(), key.owner()))
      .orElseGet(() -> Future.failedFuture(AuthErrors.signInNeeded())));
  }
}
