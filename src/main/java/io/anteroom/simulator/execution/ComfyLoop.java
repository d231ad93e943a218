package io.anteroom.simulator.execution;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The one event loop of a simulated ComfyUI. While a slow handler blocks it, requests and messages of this instance
 * wait in order; other instances continue, although they share its thread.
 */
public final class ComfyLoop {

  private final Vertx vertx;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean isHeld;

  public ComfyLoop(Vertx vertx) {
    this.vertx = vertx;
  }

  public boolean isHeld() {
    return isHeld;
  }

  /** Runs a task now, or when the loop is free and all earlier tasks are done. */
  public void run(Runnable step) {
    if (isHeld) {
      waiting.add(step);
    } else {
      step.run();
    }
  }

  /** Blocks the loop for a time, then runs a task before all that wait. */
  public void hold(long millis, Runnable then) {
    if (isHeld) {
      waiting.add(() -> hold(millis, then));
      return;
    }
    if (millis <= 0) {
      then.run();
      return;
    }
    isHeld = true;
    vertx.setTimer(millis, passed -> {
      isHeld = false;
      then.run();
      while (!isHeld && !waiting.isEmpty()) {
        waiting.remove().run();
      }
    });
  }
}
