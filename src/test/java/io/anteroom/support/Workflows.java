package io.anteroom.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Example graphs of nodes that the simulator knows. */
public final class Workflows {
  private Workflows() {
  }

  /** Takes this long and saves a picture. */
  public static JsonObject lasting(double seconds) {
    return of("SimSleep", seconds);
  }

  /** The same, telling its progress so many times. */
  public static JsonObject lasting(double seconds, int steps) {
    JsonObject workflow = lasting(seconds);
    workflow.getJsonObject("2").getJsonObject("inputs").put("steps", steps);
    return workflow;
  }

  /** Takes this long, whatever is asked of it. */
  public static JsonObject stubborn(double seconds) {
    return of("SimStubborn", seconds);
  }

  /** Fails after this long. */
  public static JsonObject failing(double seconds) {
    return of("SimFail", seconds);
  }

  /** Takes this long and shows so many pictures of so many bytes on the way. */
  public static JsonObject previews(double seconds, int count, int bytes) {
    JsonObject workflow = of("SimPreview", seconds);
    workflow.getJsonObject("2").getJsonObject("inputs").put("count", count).put("bytes", bytes);
    return workflow;
  }

  /** Names a node class that no instance has. */
  public static JsonObject unknown() {
    return new JsonObject().put("1", node("NoSuchNode", new JsonObject()));
  }

  private static JsonObject of(String kind, double seconds) {
    JsonObject image = node("EmptyImage",
      new JsonObject().put("width", 64).put("height", 64).put("batch_size", 1).put("color", 33343));
    JsonObject work = node(kind, new JsonObject().put("value", link("1")).put("seconds", seconds));
    JsonObject save = node("SaveImage", new JsonObject().put("images", link("2")).put("filename_prefix", "anteroom"));
    return new JsonObject().put("1", image).put("2", work).put("3", save);
  }

  private static JsonArray link(String node) {
    return new JsonArray().add(node).add(0);
  }

  private static JsonObject node(String type, JsonObject inputs) {
    return new JsonObject().put("class_type", type).put("inputs", inputs);
  }
}
