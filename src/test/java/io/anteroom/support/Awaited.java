package io.anteroom.support;

import static org.awaitility.Awaitility.await;

import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** What a future came to, for tests that run on a thread of their own. */
public final class Awaited {
  /** Much longer than anything takes: a test that waits so long has failed, however busy its machine is. */
  private static final Duration AT_MOST = Duration.ofSeconds(60);

  private Awaited() {
  }

  /** Returns once it is so. */
  public static void until(Callable<Boolean> condition) {
    patiently().until(condition);
  }

  /** The same; fails when it takes longer than was promised. */
  public static void within(Duration promised, Callable<Boolean> condition) {
    try (Stopwatch stopwatch = Stopwatch.start()) {
      until(condition);
      stopwatch.assertWithin(promised);
    }
  }

  /** Returns once these assertions hold, all in one go; until then whatever is asked in them may fail as well. */
  public static void untilAsserted(ThrowingRunnable assertions) {
    patiently().ignoreExceptions().untilAsserted(assertions);
  }

  /** Its result; throws what it failed with. */
  public static <T> T done(Future<T> future) {
    try {
      return future.await(AT_MOST.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("it timed out, here after " + AT_MOST.toSeconds() + " s at the latest", late);
    }
  }

  /** Why it was refused. */
  public static ApiException.Code refused(Future<?> future) {
    until(future::isComplete);
    if (future.cause() instanceof ApiException refusal) {
      return refusal.code();
    }
    throw new AssertionError("it should have been refused, but came to " + future.result(), future.cause());
  }

  /** With what it was refused. */
  public static ApiException refusal(Future<?> future) {
    refused(future);
    return (ApiException) future.cause();
  }

  private static ConditionFactory patiently() {
    return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).atMost(AT_MOST);
  }
}
