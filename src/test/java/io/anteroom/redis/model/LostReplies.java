package io.anteroom.redis.model;

import io.vertx.core.Future;
import java.util.Random;
import java.util.function.Supplier;

/** Loses one answer in eight: the call took effect, nobody heard it, and it is made once more. */
final class LostReplies {
  private static final int ONE_IN = 8;

  private final Random random;
  private int lost;

  LostReplies(Random random) {
    this.random = random;
  }

  /** Whether the answer to the call just made is lost. */
  boolean isLost() {
    boolean now = random.nextInt(ONE_IN) == 0;
    lost += now ? 1 : 0;
    return now;
  }

  /** What the caller hears in the end of a call that answers the same when it is repeated. */
  <T> Future<T> of(Supplier<Future<T>> call) {
    return call.get().compose(answer -> isLost() ? call.get() : Future.succeededFuture(answer));
  }

  /** How many were lost so far. */
  int count() {
    return lost;
  }
}
