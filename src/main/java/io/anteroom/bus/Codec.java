package io.anteroom.bus;

import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/** Both directions between a message and its JSON. */
public record Codec<T>(Function<T, JsonObject> write, Function<JsonObject, T> read) {

  /** For requests whose answer says no more than that it was done. */
  static final Codec<Void> NOTHING = new Codec<>(nothing -> new JsonObject(), json -> null);
}
