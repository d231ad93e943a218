package io.anteroom.async;

import io.anteroom.dispatch.RunContext;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Asks one question at a time: who wants it asked while an answer is awaited has it asked once more afterwards, and it
 * is asked again soon at most once, however many want that.
 */
public final class SerialTask {
  private static final Duration SOON = Duration.ofMillis(500);

  private final RunContext bench;
  private final Supplier<Future<Void>> question;
  private boolean asking;
  private boolean askAgain;
  private boolean due;

  public SerialTask(RunContext bench, Supplier<Future<Void>> question) {
    this.bench = bench;
    this.question = question;
  }

  public Future<Void> look() {
    if (asking) {
      askAgain = true;
      return Future.succeededFuture();
    }
    asking = true;
    return question.get().eventually(this::answered);
  }

  public Future<Void> lookSoon() {
    if (!due) {
      due = true;
      bench.later(SOON, this::lookNow);
    }
    return Future.succeededFuture();
  }

  private void lookNow() {
    due = false;
    look();
  }

  private Future<Void> answered() {
    asking = false;
    boolean again = askAgain;
    askAgain = false;
    return again ? look() : Future.succeededFuture();
  }
}
