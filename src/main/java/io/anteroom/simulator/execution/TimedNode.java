package io.anteroom.simulator.execution;

import io.vertx.core.Vertx;

/** A node at work: lets time pass, tick by tick, at a speed that may change or stand still meanwhile. */
final class TimedNode {

  private static final long TICK_MS = 100;

  private final Vertx vertx;
  private final NodeWork work;
  private final Listener listener;
  private double speed;
  private double elapsed;
  private int stepsTold;
  private long lastLook = System.nanoTime();
  private long timer = -1;

  TimedNode(Vertx vertx, NodeWork work, double speed, Listener listener) {
    this.vertx = vertx;
    this.work = work;
    this.speed = speed;
    this.listener = listener;
  }

  /** Who is told how the work goes. */
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

  /** Ends the work now, as if its time were over. */
  void finishNow() {
    stop();
    end();
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  private void await() {
    double left = (work.seconds() - elapsed) * 1000 / Math.max(speed, 1e-9);
    timer = vertx.setTimer(Math.max(1, (long) Math.min(tick(), Math.ceil(left))), fired -> look());
  }

  /** Time is told ten times a second, steps are told when they are reached. */
  private double tick() {
    return work.steps() == 0 || speed <= 0 ? TICK_MS
      : Math.min(TICK_MS, work.seconds() / work.steps() * 1000 / speed);
  }

  private void look() {
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
}
