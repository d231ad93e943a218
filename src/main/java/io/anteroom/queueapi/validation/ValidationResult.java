package io.anteroom.queueapi.validation;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/**
 * The predicted response of an instance to a workflow.
 *
 * @param error      why it would run nothing of it; empty if it would
 * @param nodeErrors errors by node; the rest of the workflow may still run
 * @param classes    the node classes that the objection depends on
 */
public record ValidationResult(Optional<JsonObject> error, JsonObject nodeErrors, Set<String> classes) {
  public static final ValidationResult NOTHING = new ValidationResult(Optional.empty(), new JsonObject(), Set.of());

  static ValidationResult refused(JsonObject error, Set<String> classes) {
    return new ValidationResult(Optional.of(error), new JsonObject(), classes);
  }

  public boolean objects() {
    return error.isPresent() || !nodeErrors.isEmpty();
  }

  /** The response of the instance; for an accepted workflow only its node errors. */
  public JsonObject answer() {
    return error.map(why -> JsonObject.of("error", why, "node_errors", nodeErrors)).orElse(nodeErrors);
  }

  /** Thrown if the response of the instance is uncertain; then nothing is predicted. */
  static final class Doubt extends RuntimeException {
    Doubt() {
      super("the response of the instance is uncertain", null, false, false);
    }

    static <T> T raise() {
      throw new Doubt();
    }
  }
}
