package io.anteroom.edge.admission;

import io.anteroom.edge.auth.Authorizer;
import io.anteroom.edge.auth.Authorizer.Access;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Applies the rate limit of a user, once for each request, as soon as the user is known. */
public record RateLimitedAuthorizer(Authorizer authorizer, RateLimiter rates) implements Authorizer {
  @Override
  public Future<Access> ownerOf(HttpServerRequest request, String owner) {
    return authorizer.ownerOf(request, owner).compose(access -> limit(request, access));
  }

  @Override
  public Future<Access> self(HttpServerRequest request) {
    return authorizer.self(request).compose(access -> limit(request, access));
  }

  private Future<Access> limit(HttpServerRequest request, Access access) {
    return rates.admit(request, access.counted(), access);
  }
}
