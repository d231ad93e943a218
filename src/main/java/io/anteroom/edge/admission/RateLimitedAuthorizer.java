package io.anteroom.edge.admission;

import io.anteroom.edge.auth.Authorizer;
import io.anteroom.edge.auth.Authorizer.Access;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Lets nobody in more often than anybody needs; once it is known who asks, and so for each request once. */
public record RateLimitedAuthorizer(Authorizer authenticator, RateLimiter rates) implements Authorizer {
  @Override
  public Future<Access> ownerOf(HttpServerRequest request, String owner) {
    return authenticator.ownerOf(request, owner).compose(visitor -> meter(request, visitor));
  }

  @Override
  public Future<Access> self(HttpServerRequest request) {
    return authenticator.self(request).compose(visitor -> meter(request, visitor));
  }

  private Future<Access> meter(HttpServerRequest request, Access visitor) {
    return rates.admit(request, visitor.counted(), visitor);
  }
}
