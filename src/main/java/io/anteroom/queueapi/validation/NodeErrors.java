package io.anteroom.queueapi.validation;

import io.anteroom.comfy.protocol.ComfyProtocol.Release;
import io.anteroom.queueapi.validation.PythonConversion.PythonError;
import io.anteroom.queueapi.validation.WorkflowGraph.Node;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.List;

/** ComfyUI's validation errors in its own words, which its page knows. */
final class NodeErrors {
  /** The last known release with the old text for a missing class. */
  private static final Release OLD_WORDS = new Release(0, 10, 0);
  private static final String INPUT_NAME = "input_name";
  private static final String RECEIVED = "received_value";
  private static final String LINKED = "linked_node";

  private NodeErrors() {
  }

  static JsonObject of(String type, String message, String details, JsonObject extraInfo) {
    return JsonObject.of("type", type, "message", message, "details", details, "extra_info", extraInfo);
  }

  static JsonObject withoutClass(String id, Node node, Release release) {
    if (release.compareTo(OLD_WORDS) <= 0) {
      return of("invalid_prompt", "Cannot execute because a node is missing the class_type property.", where(id),
        new JsonObject());
    }
    String title = node.title().orElse(null);
    String shown = title == null || title.isEmpty() ? "ID #" + id : title;
    return of("missing_node_type", ("Node '%s' has no class_type. The workflow may be corrupted or a custom node is "
      + "missing.").formatted(shown), where(id), JsonObject.of("node_id", id, "class_type", null, "node_title", title));
  }

  static JsonObject unknownClass(String id, Node node, Release release) {
    String name = node.className().orElseThrow();
    if (release.compareTo(OLD_WORDS) <= 0) {
      return of("invalid_prompt", "Cannot execute because node %s does not exist.".formatted(name), where(id),
        new JsonObject());
    }
    String title = node.title().orElse(name);
    return of("missing_node_type", "Node '%s' not found. The custom node may not be installed.".formatted(title),
      where(id), JsonObject.of("node_id", id, "class_type", name, "node_title", title));
  }

  static JsonObject noOutputs() {
    return of("prompt_no_outputs", "Prompt has no outputs", "", new JsonObject());
  }

  /** All outputs are invalid, each for these reasons. */
  static JsonObject allFailed(List<JsonObject> reasons) {
    String details = String.join("\n", reasons.stream()
      .map(reason -> reason.getString("message") + ": " + reason.getString("details")).toList());
    return of("prompt_outputs_failed_validation", "Prompt outputs failed validation", details, new JsonObject());
  }

  static JsonObject missing(InputSpec input) {
    return of("required_input_missing", "Required input is missing", input.name(),
      JsonObject.of(INPUT_NAME, input.name()));
  }

  static JsonObject badLink(InputSpec input, JsonArray link) {
    return of("bad_linked_input", "Bad linked input, must be a length-2 list of [node_id, slot_index]", input.name(),
      about(input).put(RECEIVED, link));
  }

  static JsonObject wrongLink(InputSpec input, String received, JsonArray link) {
    return of("return_type_mismatch", "Return type mismatch between linked nodes",
      "%s, received_type(%s) mismatch input_type(%s)".formatted(input.name(), received, input.type()),
      about(input).put("received_type", received).put(LINKED, link));
  }

  static JsonObject wrongType(InputSpec input, String value, PythonError why) {
    return of("invalid_input_type", "Failed to convert an input value to a %s value".formatted(input.type()),
      "%s, %s, %s".formatted(input.name(), value, why.getMessage()),
      about(input).put(RECEIVED, value).put("exception_message", why.getMessage()));
  }

  static JsonObject tooSmall(InputSpec input, Number value, Number min) {
    return of("value_smaller_than_min",
      "Value %s smaller than min of %s".formatted(PythonConversion.str(value), PythonConversion.str(min)),
      input.name(),
      about(input).put(RECEIVED, plain(value)));
  }

  static JsonObject tooBig(InputSpec input, Number value, Number max) {
    return of("value_bigger_than_max",
      "Value %s bigger than max of %s".formatted(PythonConversion.str(value), PythonConversion.str(max)), input.name(),
      about(input).put(RECEIVED, plain(value)));
  }

  /** @param list the choices as quoted; for a long list neither they nor the declaration are */
  static JsonObject notInList(InputSpec input, String value, String list, boolean isLong) {
    return of("value_not_in_list", "Value not in list",
      "%s: %s not in %s".formatted(input.name(), PythonConversion.repr(value), list),
      JsonObject.of(INPUT_NAME, input.name(),
        "input_config", isLong ? null : input.quoted(), RECEIVED, value));
  }

  static JsonObject raised(PythonError error) {
    return of("exception_during_validation", "Exception when validating node", error.getMessage(),
      JsonObject.of("exception_type", error.type(), "traceback", traceback("validate_prompt")));
  }

  static JsonObject raisedInside(PythonError error, InputSpec input, JsonArray link) {
    return of("exception_during_inner_validation", "Exception when validating inner node", error.getMessage(),
      about(input).put("exception_message", error.getMessage()).put("exception_type", error.type())
        .put("traceback", traceback("validate_inputs")).put(LINKED, link));
  }

  /** Where it is raised, without the lines of code, which only the instance has. */
  private static JsonArray traceback(String caller) {
    return JsonArray.of("  File \"execution.py\", in %s\n".formatted(caller),
      "  File \"execution.py\", in validate_inputs\n");
  }

  private static JsonObject about(InputSpec input) {
    return JsonObject.of(INPUT_NAME, input.name(), "input_config", input.quoted());
  }

  private static String where(String id) {
    return "Node ID '#%s'".formatted(id);
  }

  /** The smallest type that holds it, as numbers from a JSON parser have. */
  private static Number plain(Number value) {
    if (!(value instanceof BigInteger whole) || whole.bitLength() > 63) {
      return value;
    }
    return whole.bitLength() < 32 ? (Number) whole.intValue() : (Number) whole.longValue();
  }
}
