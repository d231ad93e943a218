package io.anteroom.simulator.execution;

import io.vertx.core.json.JsonObject;

/**
 * What it costs to execute a node: so many seconds of the instance's time, told in so many steps (0: told as the time
 * itself), perhaps deaf to interrupts, perhaps with previews of so many bytes, perhaps ending in a failure.
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

  /** Whether a node does its work again although nothing has changed, as ComfyUI's nodes may demand. */
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
