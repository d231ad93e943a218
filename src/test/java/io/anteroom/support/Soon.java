package io.anteroom.support;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits in a test for what must come, with an upper bound. */
public final class Soon {
  private static final int SECONDS = 30;

  private Soon() {
  }

  public static <T> T of(Future<T> future) {
    try {
      return future.await(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("did not come within " + SECONDS + " s", late);
    }
  }
}
