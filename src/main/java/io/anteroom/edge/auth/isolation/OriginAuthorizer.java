package io.anteroom.edge.auth.isolation;

import io.anteroom.directory.Directory;
import io.anteroom.directory.User;
import io.anteroom.edge.auth.AuthErrors;
import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.edge.auth.Authorizer;
import io.anteroom.edge.auth.Member;
import io.anteroom.edge.auth.MemberAuthorizer;
import io.anteroom.edge.auth.SignInCache;
import io.anteroom.edge.auth.isolation.OriginCookie.Key;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Supplier;

/**
 * Authorizes at a student's origin: only by its own cookie, or the {@code Authorization} of a program of its owner, and
 * only what belongs to its owner. Other requests are authorized as at the public origin.
 */
final class OriginAuthorizer implements Authorizer {
  private final Authorizer publicAuthorizer;
  private final StudentOrigins origins;
  private final OriginCookie cookie;
  private final SignInCache recent;
  private final Supplier<Directory> directory;
  private final MemberAuthorizer programs;

  OriginAuthorizer(Authorizer publicAuthorizer, StudentOrigins origins, OriginCookie cookie, SignInCache recent,
      Supplier<Directory> directory, MemberAuthorizer programs) {
    this.publicAuthorizer = publicAuthorizer;
    this.origins = origins;
    this.cookie = cookie;
    this.recent = recent;
    this.directory = directory;
    this.programs = programs;
  }

  @Override
  public Future<Access> ownerOf(HttpServerRequest request, String owner) {
    return origins.at(request).map(origin -> atOrigin(request, origin).compose(access -> access.user().isCalled(owner)
        ? Future.succeededFuture(access) : Future.failedFuture(AuthErrors.notYours(owner, access.name()))))
      .orElseGet(() -> publicAuthorizer.ownerOf(request, owner));
  }

  @Override
  public Future<Access> self(HttpServerRequest request) {
    return origins.at(request).map(origin -> atOrigin(request, origin)).orElseGet(() -> publicAuthorizer.self(request));
  }

  private Future<Access> atOrigin(HttpServerRequest request, String origin) {
    return cookie.key(request).map(this::open).orElseGet(() -> programs.of(request)
      .compose(member -> own(request, origin, member.user())));
  }

  /** A program may only use the origin of its own user, whatever else that user may view. */
  private Future<Access> own(HttpServerRequest request, String origin, User user) {
    return origins.of(user).compose(own -> own.equals(origin) ? Future.succeededFuture(new Access(user, false))
      : Future.failedFuture(AuthErrors.notYourAddress(user.name(), origins.origin(request, own))));
  }

  private Future<Access> open(Key key) {
    return recent.find(key.scope(), key.token()).compose(found -> found
      .flatMap(identity -> Member.of(directory.get(), identity))
      .map(member -> member.at(directory.get(), key.owner()))
      .orElseGet(() -> Future.failedFuture(AuthErrors.signInNeeded())));
  }
}
