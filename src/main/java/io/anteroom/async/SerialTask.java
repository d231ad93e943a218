package io.anteroom.async;

import io.vertx.core.Future;
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
  private boolean rerun;
  private boolean due;

  public SerialTask(Vertx vertx, Supplier<Future<Void>> task) {
    this.vertx = vertx;
    this.task = task;
  }

  public Future<Void> run() {
    if (running) {
      rerun = true;
      return Future.succeededFuture();
    }
    running = true;
    return task.get().eventually(this::ended);
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
    run();
  }

  private Future<Void> ended() {
    running = false;
    boolean wanted = rerun;
    rerun = false;
    return wanted ? run() : Future.succeededFuture();
  }
}
