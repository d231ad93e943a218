package io.anteroom.simulator;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;

/** Waits in a test for what must come, with a bound that only a broken thing reaches. */
final class Soon {

  private Soon() {
  }

  static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, SECONDS).join();
  }
}
