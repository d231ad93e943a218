package io.anteroom.support;

import static org.awaitility.Awaitility.await;

import io.anteroom.task.Refusal;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.Callable;

/** What a future came to, for tests that run on a thread of their own. */
public final class Awaited {
  private static final Duration AT_MOST = Duration.ofSeconds(30);

  private Awaited() {
  }

  /** Returns once it is so. */
  public static void until(Callable<Boolean> condition) {
    await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).atMost(AT_MOST).until(condition);
  }

  /** Its result. */
  public static <T> T done(Future<T> future) {
    until(future::isComplete);
    if (future.failed()) {
      throw new AssertionError("it should have succeeded", future.cause());
    }
    return future.result();
  }

  /** Why it was refused. */
  public static Refusal.Code refused(Future<?> future) {
    until(future::isComplete);
    if (future.cause() instanceof Refusal refusal) {
      return refusal.code();
    }
    throw new AssertionError("it should have been refused, but came to " + future.result(), future.cause());
  }
}
