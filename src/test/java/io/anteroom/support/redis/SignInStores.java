package io.anteroom.support.redis;

import io.anteroom.edge.SignInStore;
import io.anteroom.redis.RedisAccess;
import io.anteroom.redis.RedisSignIns;
import io.vertx.core.Vertx;

/** What an edge of a test knows of sign-ins. */
public final class SignInStores {
  private SignInStores() {
  }

  /** Of an edge that is open to all: whoever asked it would get no answer. */
  public static SignInStore unasked(Vertx vertx) {
    RedisSignIns nowhere = new RedisSignIns(vertx, RedisAccess.standalone("redis://127.0.0.1:1"));
    return new SignInStore(nowhere, () -> {
      throw new IllegalStateException("an open edge asks for no passwords");
    });
  }
}
