package io.anteroom.async;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Runs one asynchronous task at a time: requests during a run are coalesced into one rerun afterwards, and requests for
 * a run soon into one timer. Belongs to one event loop.
 */
public final class SerialTask {
  private static final Duration SOON = Duration.ofMillis(500);

  private final Vertx vertx;
  private final Supplier<Future<Void>> task;
  private boolean running;
  /** The run that was requested during the current one; null when none was. */
  private Future<Void> rerun;
  private Promise<Void> rerunEnded;
  private boolean due;

  /** One that is never to run soon. */
  public SerialTask(Supplier<Future<Void>> task) {
    this(null, task);
  }

  /** @param vertx runs the timer of {@link #runSoon} */
  public SerialTask(Vertx vertx, Supplier<Future<Void>> task) {
    this.vertx = vertx;
    this.task = task;
  }

  /** Runs the task, during a run once more afterwards; the outcome is that of a run that began after this call. */
  public Future<Void> run() {
    if (!running) {
      return start();
    }
    if (rerun == null) {
      rerun = Future.future(ended -> rerunEnded = ended);
    }
    return rerun;
  }

  /**
   * Runs the task, during a run once more afterwards, for which it does not wait: so the task may wait for its own
   * requests.
   */
  public Future<Void> request() {
    if (!running) {
      return start();
    }
    run();
    return Future.succeededFuture();
  }

  /** Runs the task, unless a run is in progress: for ticks, of which the next does as well. */
  public Future<Void> runUnlessRunning() {
    return running ? Future.succeededFuture() : start();
  }

  public Future<Void> runSoon() {
    if (!due) {
      due = true;
      vertx.setTimer(SOON.toMillis(), fired -> runNow());
    }
    return Future.succeededFuture();
  }

  private void runNow() {
    due = false;
    request();
  }

  private Future<Void> start() {
    running = true;
    return Future.succeededFuture().compose(now -> task.get()).onComplete(done -> ended());
  }

  private void ended() {
    running = false;
    if (rerun != null) {
      Promise<Void> waiting = rerunEnded;
      rerun = null;
      start().onComplete(waiting);
    }
  }
}
