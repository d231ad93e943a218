package io.anteroom.support.redis;

import io.anteroom.edge.auth.password.AuthStores;
import io.anteroom.redis.RedisEndpoint;
import io.anteroom.redis.RedisSignInStore;
import io.vertx.core.Vertx;

/** What an edge of a test knows of sign-ins. */
public final class SharedSignInStore {
  private SharedSignInStore() {
  }

  /** Of an edge that is open to all: whoever asked it would get no answer. */
  public static AuthStores unasked(Vertx vertx) {
    RedisSignInStore nowhere = new RedisSignInStore(vertx, RedisEndpoint.standalone("redis://127.0.0.1:1"));
    return new AuthStores(nowhere, () -> {
      throw new IllegalStateException("an open edge asks for no passwords");
    });
  }
}
