package io.anteroom.queueapi.validation;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/**
 * What an instance would say of a workflow.
 *
 * @param error      why it would not run anything of it; empty when it would
 * @param nodeErrors what it would object to, by node; with them the rest of the workflow may run
 * @param classes    the node classes on whose declarations the objection rests
 */
public record ValidationResult(Optional<JsonObject> error, JsonObject nodeErrors, Set<String> classes) {
  public static final ValidationResult NOTHING = new ValidationResult(Optional.empty(), new JsonObject(), Set.of());

  static ValidationResult refused(JsonObject error, Set<String> classes) {
    return new ValidationResult(Optional.of(error), new JsonObject(), classes);
  }

  public boolean objects() {
    return error.isPresent() || !nodeErrors.isEmpty();
  }

  /** What the instance would answer; of what it accepts, the part that says what it does not run. */
  public JsonObject answer() {
    return error.map(why -> JsonObject.of("error", why, "node_errors", nodeErrors)).orElse(nodeErrors);
  }

  /** Thrown where it is not certain what an instance would say: then nothing is said in its place. */
  static final class Doubt extends RuntimeException {
    Doubt() {
      super("what the instance would say is not certain", null, false, false);
    }

    static <T> T raise() {
      throw new Doubt();
    }
  }
}
