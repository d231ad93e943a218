package io.anteroom.edge.auth;

import io.anteroom.directory.Directory;
import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.identity.Identity;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Supplier;

/** Finds out who of the lab sends a request. */
public final class MemberAuthorizer {
  private final List<Authenticator> recognizers;
  private final Supplier<Directory> directory;

  /** @param recognizers asked in this order; the first that knows somebody decides */
  public MemberAuthorizer(List<Authenticator> recognizers, Supplier<Directory> directory) {
    this.recognizers = List.copyOf(recognizers);
    this.directory = directory;
  }

  /** Refused when nobody is known, or somebody whom the lab does not know. */
  public Future<Member> of(HttpServerRequest request) {
    return of(request, 0);
  }

  /** What who sends this request may do with what belongs to {@code owner}; refused when that is nothing. */
  public Future<Access> visitor(HttpServerRequest request, String owner) {
    return of(request).compose(member -> member.at(directory.get(), owner));
  }

  private Future<Member> of(HttpServerRequest request, int next) {
    if (next == recognizers.size()) {
      return Future.failedFuture(AuthErrors.signInNeeded());
    }
    return recognizers.get(next).recognize(request).compose(known -> known
      .map(this::member)
      .orElseGet(() -> of(request, next + 1)));
  }

  private Future<Member> member(Identity identity) {
    return Member.of(directory.get(), identity).map(Future::succeededFuture)
      .orElseGet(() -> Future.failedFuture(AuthErrors.notInTheLab(identity.user())));
  }

  /** Lets in who is recognized, to what is his own or to look; the path and {@code ?user=} prove nothing. */
  public record MemberAuthenticator(MemberAuthorizer members) implements Authorizer {
    @Override
    public Future<Access> ownerOf(HttpServerRequest request, String owner) {
      return members.visitor(request, owner);
    }

    @Override
    public Future<Access> self(HttpServerRequest request) {
      return members.of(request).map(member -> new Access(member.user(), false));
    }
  }
}
