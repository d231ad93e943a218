package io.anteroom.edge.auth.password;

import io.anteroom.task.Refusal;
import io.anteroom.task.Refusal.Code;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Computes hashes of passwords off the event loops: one at a time, and no more than a class may wait. */
final class Hashing {
  private static final int MOST_WAITING = 60;
  private static final ThreadPoolExecutor THREAD = new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS,
    new ArrayBlockingQueue<>(MOST_WAITING), Hashing::thread);

  private Hashing() {
  }

  /** What {@code work} computes, told on this context. */
  static <T> Future<T> on(Context context, Supplier<T> work) {
    try {
      return Future.fromCompletionStage(CompletableFuture.supplyAsync(work, THREAD), context);
    } catch (RejectedExecutionException full) {
      return Future.failedFuture(Refusal.of(Code.BUSY,
        "More than %d people sign in at this moment; try again in a few seconds.".formatted(MOST_WAITING),
        "同时登录的人数超过 %d;请几秒后重试。".formatted(MOST_WAITING)));
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "password-hashing");
    thread.setDaemon(true);
    return thread;
  }
}
