package io.anteroom.api;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What an instance would say of a workflow.
 *
 * @param error      why it would not run anything of it; empty when it would
 * @param nodeErrors what it would object to, by node; with them the rest of the workflow may run
 * @param lacking    the class whose absence is all that the error rests on
 */
record Verdict(Optional<JsonObject> error, JsonObject nodeErrors, Optional<String> lacking) {
  static final Verdict NOTHING = partly(new JsonObject());

  static Verdict refused(JsonObject error) {
    return refused(error, new JsonObject());
  }

  static Verdict refused(JsonObject error, JsonObject nodeErrors) {
    return new Verdict(Optional.of(error), nodeErrors, Optional.empty());
  }

  static Verdict lacking(String className, JsonObject error) {
    return new Verdict(Optional.of(error), new JsonObject(), Optional.of(className));
  }

  static Verdict partly(JsonObject nodeErrors) {
    return new Verdict(Optional.empty(), nodeErrors, Optional.empty());
  }

  boolean objects() {
    return error.isPresent() || !nodeErrors.isEmpty();
  }

  /** What the instance would answer; of what it accepts, the part that says what it does not run. */
  JsonObject answer() {
    return error.map(why -> JsonObject.of("error", why, "node_errors", nodeErrors)).orElse(nodeErrors);
  }
}
