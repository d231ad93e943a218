package io.anteroom.simulator;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** Waits in a test for what must come, with a bound that only a broken thing reaches. */
final class Soon {

  private Soon() {
  }

  static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, SECONDS).join();
  }

  /** Does it on an event loop, where what it opens also lives: called from a test's thread, an answer may be lost. */
  static <T> Future<T> inLoop(Vertx vertx, Supplier<Future<T>> step) {
    return Future.future(promise -> vertx.runOnContext(inside -> step.get().onComplete(promise)));
  }
}
