package io.anteroom.edge.auth;

import io.anteroom.directory.Directory;
import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.identity.Identity;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Supplier;

/** Grants members of the lab what is their own, and viewers read-only access; path and {@code ?user=} prove nothing. */
public final class MemberAuthorizer implements Authorizer {
  private final List<Authenticator> authenticators;
  private final Supplier<Directory> directory;

  /** @param authenticators tried in this order; the first that authenticates decides */
  public MemberAuthorizer(List<Authenticator> authenticators, Supplier<Directory> directory) {
    this.authenticators = List.copyOf(authenticators);
    this.directory = directory;
  }

  /** The member who sends this request; fails when there are no credentials, or the lab does not know the user. */
  public Future<Member> of(HttpServerRequest request) {
    return of(request, 0);
  }

  @Override
  public Future<Access> ownerOf(HttpServerRequest request, String owner) {
    return of(request).compose(member -> member.at(directory.get(), owner));
  }

  @Override
  public Future<Access> self(HttpServerRequest request) {
    return of(request).map(member -> new Access(member.user(), false));
  }

  private Future<Member> of(HttpServerRequest request, int next) {
    if (next == authenticators.size()) {
      return Future.failedFuture(AuthErrors.signInNeeded());
    }
    return authenticators.get(next).authenticate(request).compose(identity -> identity
      .map(this::member)
      .orElseGet(() -> of(request, next + 1)));
  }

  private Future<Member> member(Identity identity) {
    return Member.of(directory.get(), identity).map(Future::succeededFuture)
      .orElseGet(() -> Future.failedFuture(AuthErrors.notInTheLab(identity.user())));
  }
}
