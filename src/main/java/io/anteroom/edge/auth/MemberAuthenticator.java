package io.anteroom.edge.auth;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Lets in who is recognized, to what is his own or to look; the path and {@code ?user=} prove nothing. */
public record MemberAuthenticator(Members members) implements Authenticator {
  @Override
  public Future<Visitor> ownerOf(HttpServerRequest request, String owner) {
    return members.visitor(request, owner);
  }

  @Override
  public Future<Visitor> self(HttpServerRequest request) {
    return members.of(request).map(member -> new Visitor(member.user(), false));
  }
}
