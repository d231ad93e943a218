package io.anteroom.simulator.execution;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** Executes a node: lets time pass tick by tick, at a speed that may change or be zero. */
final class NodeExecution {

  private static final long TICK_MS = 100;

  private final Vertx vertx;
  private final NodeWork work;
  private final Listener listener;
  private double speed;
  private double elapsed;
  private int stepsTold;
  private long lastLook = System.nanoTime();
  private long timer = -1;

  NodeExecution(Vertx vertx, NodeWork work, double speed, Listener listener) {
    this.vertx = vertx;
    this.work = work;
    this.speed = speed;
    this.listener = listener;
  }

  /** Receives progress. */
  interface Listener {

    void advanced(Number value, Number max);

    void done();

    void interrupted();

    boolean isInterrupted();
  }

  void start() {
    tell();
    await();
  }

  void setSpeed(double speed) {
    letTimePass();
    this.speed = speed;
    vertx.cancelTimer(timer);
    await();
  }

  /** Ends the work now, as if its time had passed. */
  void finishNow() {
    stop();
    end();
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  private void await() {
    double left = (work.seconds() - elapsed) * 1000 / Math.max(speed, 1e-9);
    timer = vertx.setTimer(Math.max(1, (long) Math.min(tick(), Math.ceil(left))), fired -> update());
  }

  /** Time is reported ten times a second, steps when they are reached. */
  private double tick() {
    return work.steps() == 0 || speed <= 0 ? TICK_MS
      : Math.min(TICK_MS, work.seconds() / work.steps() * 1000 / speed);
  }

  private void update() {
    letTimePass();
    if (listener.isInterrupted() && !work.isStubborn()) {
      listener.interrupted();
    } else if (elapsed >= work.seconds()) {
      end();
    } else {
      tell();
      await();
    }
  }

  private void end() {
    elapsed = work.seconds();
    tell();
    listener.done();
  }

  private void letTimePass() {
    long now = System.nanoTime();
    elapsed += (now - lastLook) / 1e9 * speed;
    lastLook = now;
  }

  private void tell() {
    if (work.steps() == 0) {
      listener.advanced(Math.min(elapsed, work.seconds()), work.seconds());
      return;
    }
    int reached = (int) Math.min(work.steps(), work.steps() * elapsed / work.seconds());
    while (stepsTold < reached) {
      listener.advanced(++stepsTold, work.steps());
    }
  }

  /**
   * The cost of executing a node: seconds of the instance's time, reported in steps (0: as the time itself), optionally
   * ignoring interrupts, with previews of a size, or ending in a failure.
   */
  record NodeWork(double seconds, int steps, boolean isStubborn, int previewBytes, String failure) {

    private static final double FOREVER = 1e12;
    private static final double SAMPLER_STEP = 0.05;

    static NodeWork of(String nodeClass, JsonObject inputs) {
      double seconds = number(inputs, "seconds", 0);
      return switch (nodeClass) {
        case "TestSleep" -> new NodeWork(seconds, 0, false, 0, null);
        case "SimSleep" -> new NodeWork(seconds, (int) number(inputs, "steps", 20), false, 0, null);
        case "SimForever" -> new NodeWork(FOREVER, (int) number(inputs, "steps", 20), false, 0, null);
        case "SimFail" -> new NodeWork(seconds, 0, false, 0, text(inputs, "message"));
        case "SimStubborn" -> new NodeWork(seconds, 0, true, 0, null);
        case "SimPreview" -> new NodeWork(seconds, (int) number(inputs, "count", 10), false,
          (int) number(inputs, "bytes", 4096), null);
        case "KSampler" -> sampler((int) number(inputs, "steps", 20));
        case "TestSyncError" -> new NodeWork(0, 0, false, 0, "Intentional sync execution error for testing");
        default -> new NodeWork(0, 0, false, 0, null);
      };
    }

    /** Whether a node is executed again although nothing has changed, as ComfyUI's nodes may demand. */
    static boolean isAlwaysNew(String nodeClass) {
      return nodeClass.startsWith("Sim");
    }

    boolean takesTime() {
      return seconds > 0;
    }

    boolean fails() {
      return failure != null;
    }

    NodeWork failing(String message) {
      return new NodeWork(seconds, steps, isStubborn, previewBytes, message);
    }

    private static NodeWork sampler(int steps) {
      return new NodeWork(steps * SAMPLER_STEP, steps, false, 4096, null);
    }

    private static double number(JsonObject inputs, String name, double otherwise) {
      return inputs.getValue(name) instanceof Number number ? number.doubleValue() : otherwise;
    }

    private static String text(JsonObject inputs, String name) {
      return inputs.getValue(name) instanceof String text ? text : "The simulated GPU is out of memory";
    }
  }
}
