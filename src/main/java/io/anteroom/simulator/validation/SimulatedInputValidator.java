package io.anteroom.simulator.validation;

import io.anteroom.simulator.comfyui.PythonText;
import io.anteroom.simulator.comfyui.PythonText.PythonError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Validates an input against its declaration, with ComfyUI's messages, and converts it to its declared type. */
public record SimulatedInputValidator(String name, JsonArray declaration) {

  private static final int MAX_QUOTED_LIST = 20;

  static JsonObject missing(String name) {
    return error("required_input_missing", "Required input is missing", name,
      JsonObject.of("input_name", name));
  }

  /** The format of all errors. */
  public static JsonObject error(String type, String message, String details, JsonObject extraInfo) {
    return JsonObject.of("type", type, "message", message, "details", details, "extra_info", extraInfo);
  }

  JsonObject badLink(JsonArray link) {
    return error("bad_linked_input", "Bad linked input, must be a length-2 list of [node_id, slot_index]", name,
      about().put("received_value", link));
  }

  JsonObject wrongType(Object received, JsonArray link) {
    return error("return_type_mismatch", "Return type mismatch between linked nodes",
      "%s, received_type(%s) mismatch input_type(%s)".formatted(name, PythonText.str(received),
        PythonText.str(type())),
      about().put("received_type", received).put("linked_node", link));
  }

  boolean accepts(Object received) {
    return type().equals("*") || "*".equals(received) || type().equals(received);
  }

  /** Converts the value to its type; raises if it cannot be converted. */
  Object convert(Object value) {
    Object bare = value instanceof JsonObject wrapped && wrapped.containsKey("__value__")
      ? wrapped.getValue("__value__") : value;
    return switch (PythonText.str(type())) {
      case "INT" -> PythonText.toInt(bare);
      case "FLOAT" -> PythonText.toFloat(bare);
      case "STRING" -> PythonText.str(bare);
      case "BOOLEAN" -> PythonText.toBool(bare);
      default -> bare;
    };
  }

  JsonObject notConvertible(Object value, PythonError why) {
    return error("invalid_input_type", "Failed to convert an input value to a " + PythonText.str(type()) + " value",
      "%s, %s, %s".formatted(name, PythonText.str(value), why.getMessage()),
      about().put("received_value", value).put("exception_message", why.getMessage()));
  }

  /** The error of a value out of its range or list, or null. */
  JsonObject rangeError(Object value) {
    if (options().containsKey("min") && isLess(value, options().getValue("min"))) {
      return error("value_smaller_than_min",
        "Value %s smaller than min of %s".formatted(value, options().getValue("min")), name,
        about().put("received_value", value));
    }
    if (options().containsKey("max") && isLess(options().getValue("max"), value)) {
      return error("value_bigger_than_max",
        "Value %s bigger than max of %s".formatted(value, options().getValue("max")), name,
        about().put("received_value", value));
    }
    JsonArray choices = choices();
    return choices == null || choices.contains(value) ? null : notInList(value, choices);
  }

  private JsonObject notInList(Object value, JsonArray choices) {
    boolean isShort = choices.size() <= MAX_QUOTED_LIST;
    String list = isShort ? PythonText.repr(choices) : "(list of length %d)".formatted(choices.size());
    return error("value_not_in_list", "Value not in list",
      "%s: '%s' not in %s".formatted(name, PythonText.str(value), list),
      JsonObject.of("input_name", name, "input_config", isShort ? declared() : null, "received_value", value));
  }

  private Object type() {
    return declaration.getValue(0);
  }

  /** The choices, in the older or newer form; null for an input of another type. */
  private JsonArray choices() {
    return type() instanceof JsonArray list ? list
      : "COMBO".equals(type()) ? options().getJsonArray("options", new JsonArray()) : null;
  }

  private JsonObject options() {
    return declaration.size() > 1 ? declaration.getJsonObject(1) : new JsonObject();
  }

  private JsonArray declared() {
    return JsonArray.of(type(), options());
  }

  /** The input in an error. */
  JsonObject about() {
    return JsonObject.of("input_name", name, "input_config", declared());
  }

  private static boolean isLess(Object left, Object right) {
    return left instanceof Number a && right instanceof Number b && a.doubleValue() < b.doubleValue();
  }
}
