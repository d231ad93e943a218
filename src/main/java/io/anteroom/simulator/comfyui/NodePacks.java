package io.anteroom.simulator.comfyui;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * The custom node packs of a large installation: classes that fill {@code /object_info} up to its real size.
 *
 * @param bytes minimum size of all classes together
 * @param listingTime how long the whole {@code /object_info} blocks the event loop of the instance
 */
public record NodePacks(int bytes, Duration listingTime) {

  public static final NodePacks NONE = new NodePacks(0, Duration.ZERO);

  private static final int MAX_BYTES = 64 * 1024 * 1024;
  private static final int MODELS_IN_LIST = 40;
  private static final JsonArray MODELS = new JsonArray(IntStream.range(0, MODELS_IN_LIST)
    .mapToObj(number -> "collection/model-%03d-fp16.safetensors".formatted(number)).toList());

  public NodePacks {
    if (bytes < 0 || bytes > MAX_BYTES || listingTime.isNegative()) {
      throw new IllegalArgumentException("node packs need 0 to %d bytes and a listing time >= 0, but have %d and %s"
        .formatted(MAX_BYTES, bytes, listingTime));
    }
  }

  /** One of the classes, in the form of {@code nodes.json}. */
  static JsonObject definition(int number) {
    return new JsonObject()
      .put("display_name", "Filler %05d".formatted(number))
      .put("category", "filler/pack-%03d".formatted(number / 20))
      .put("description", "One of many classes of a large installation; it passes its image on.")
      .put("required", JsonObject.of("image", JsonArray.of("IMAGE"), "model_name", JsonArray.of(MODELS),
        "strength", JsonArray.of("FLOAT", JsonObject.of("default", 1.0, "min", 0.0, "max", 10.0, "step", 0.01))))
      .put("optional", JsonObject.of("mask", JsonArray.of("MASK")))
      .put("output", JsonArray.of("IMAGE"))
      .put("output_node", false)
      .put("python_module", "custom_nodes.filler-%03d".formatted(number / 20));
  }

  static String className(int number) {
    return "Filler%05d".formatted(number);
  }
}
