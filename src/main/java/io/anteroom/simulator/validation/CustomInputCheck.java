package io.anteroom.simulator.validation;

import io.anteroom.simulator.comfyui.PythonText;
import io.anteroom.simulator.comfyui.PythonText.PythonError;
import io.anteroom.simulator.files.FileStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node class's own check of its inputs, ComfyUI's {@code VALIDATE_INPUTS}. It is code inside the instance:
 * {@code /object_info} shows neither that a class has one nor what it refuses.
 *
 * @param parameters the inputs that the check takes, all required; empty if it takes every input
 */
record CustomInputCheck(String nodeClass, List<String> parameters, Check check) {

  /** Returns the result of the Python function: {@code true}, {@code false} or the reason as text; it may raise. */
  @FunctionalInterface
  interface Check {

    Object verdict(JsonObject inputs, FileStore files);
  }

  static Optional<CustomInputCheck> of(String nodeClass) {
    return Optional.ofNullable(switch (nodeClass) {
      case "LoadImage", "LoadImageMask" -> new CustomInputCheck(nodeClass, List.of("image"), CustomInputCheck::file);
      case "LoadImageOutput" -> new CustomInputCheck("LoadImage", List.of("image"), CustomInputCheck::file);
      case "TestAsyncValidation" ->
        new CustomInputCheck(nodeClass, List.of("value", "threshold"), CustomInputCheck::threshold);
      case "TestCustomValidation5" -> new CustomInputCheck(nodeClass, List.of(), CustomInputCheck::noSevens);
      case "SimValidate" -> new CustomInputCheck(nodeClass, List.of("answer", "message"), CustomInputCheck::ordered);
      default -> null;
    });
  }

  /** Whether the check takes this input, so that ComfyUI does not check its range or list. */
  boolean takes(String input) {
    return parameters.isEmpty() || parameters.contains(input);
  }

  /** The errors of a node, one for each input that the check takes; linked inputs have no value yet. */
  List<JsonObject> errors(JsonObject inputs, JsonObject declared, FileStore files) {
    JsonObject given = new JsonObject();
    inputs.forEach(input -> {
      if (takes(input.getKey()) && declared.containsKey(input.getKey()) && !isLink(input.getValue())) {
        given.put(input.getKey(), input.getValue());
      }
    });
    requireParameters(given);
    Object verdict = check.verdict(given, files);
    List<JsonObject> errors = new ArrayList<>();
    if (!Boolean.TRUE.equals(verdict)) {
      String reason = Boolean.FALSE.equals(verdict) ? "" : " - " + PythonText.str(verdict);
      given.fieldNames().forEach(name -> errors.add(SimulatedInputValidator.error("custom_validation_failed",
        "Custom validation failed for node", name + reason, JsonObject.of("input_name", name))));
    }
    return errors;
  }

  private void requireParameters(JsonObject given) {
    List<String> missing = parameters.stream()
      .filter(parameter -> !given.containsKey(parameter)).map(PythonText::repr).toList();
    if (!missing.isEmpty()) {
      throw PythonError.type("%s.VALIDATE_INPUTS() missing %d required positional argument%s: %s"
        .formatted(nodeClass, missing.size(), missing.size() == 1 ? "" : "s", String.join(" and ", missing)));
    }
  }

  private static boolean isLink(Object value) {
    return value instanceof JsonArray link && link.size() == 2 && link.getValue(0) instanceof String
      && link.getValue(1) instanceof Number;
  }

  private static Object file(JsonObject inputs, FileStore files) {
    Object name = inputs.getValue("image");
    if (!(name instanceof String text)) {
      throw new PythonError("AttributeError",
        PythonText.repr(PythonText.typeName(name)) + " object has no attribute 'endswith'");
    }
    return files.exists(text) ? true : "Invalid image file: " + text;
  }

  private static Object threshold(JsonObject inputs, FileStore files) {
    Double value = PythonText.toFloat(inputs.getValue("value"));
    Double threshold = PythonText.toFloat(inputs.getValue("threshold"));
    return value > threshold ? "Value %s exceeds threshold %s".formatted(value, threshold) : true;
  }

  private static Object noSevens(JsonObject inputs, FileStore files) {
    if (!inputs.containsKey("input2")) {
      throw PythonError.key("input2");
    }
    return PythonText.toFloat(inputs.getValue("input2")) == 7.0
      ? "7s are not allowed. I've never liked 7s." : true;
  }

  private static Object ordered(JsonObject inputs, FileStore files) {
    String message = PythonText.str(inputs.getValue("message"));
    return switch (PythonText.str(inputs.getValue("answer"))) {
      case "accept" -> true;
      case "refuse" -> false;
      case "raise" -> throw PythonError.value(message);
      default -> message;
    };
  }
}
