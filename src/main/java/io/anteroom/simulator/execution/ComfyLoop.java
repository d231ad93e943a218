package io.anteroom.simulator.execution;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The one event loop of a simulated ComfyUI. While a slow handler holds it, requests and messages of this instance wait
 * in their order; other instances go on, although they share a thread with it.
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

  /** Does this now, or when the loop is free and everything before it is done. */
  public void run(Runnable step) {
    if (isHeld) {
      waiting.add(step);
    } else {
      step.run();
    }
  }

  /** Holds the loop for so long, then does this, before anything that waits. */
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
