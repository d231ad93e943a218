package io.anteroom.queueapi.validation;

import io.anteroom.comfy.objectinfo.NodeClasses.NodeClass;
import io.anteroom.queueapi.validation.ValidationResult.Doubt;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The declaration of an input of a node class.
 *
 * @param type     a string, or the list of choices
 * @param options  bounds and other options
 * @param required whether it is required
 */
public record InputSpec(String name, Object type, JsonObject options, boolean required) {
  /** Types of ComfyUI that are resolved only with the workflow. */
  private static final String SPECIAL = "COMFY_";
  /** More than ten thousand models need. */
  private static final int MAX_LENGTH = 4 << 20;
  private static final String REQUIRED = "required";
  private static final String OPTIONAL = "optional";

  /** The inputs of a class, required ones first; empty if they depend on its code. */
  public static Optional<List<InputSpec>> of(NodeClass nodeClass) {
    if (nodeClass.inputs().length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      JsonObject inputs = new JsonObject(nodeClass.inputs());
      List<InputSpec> all = new ArrayList<>(part(inputs, REQUIRED));
      all.addAll(part(inputs, OPTIONAL));
      return Optional.of(all);
    } catch (DecodeException | ClassCastException | Doubt unknownShape) {
      return Optional.empty();
    }
  }

  private static List<InputSpec> part(JsonObject inputs, String part) {
    List<InputSpec> declarations = new ArrayList<>();
    for (Map.Entry<String, Object> declared : inputs.getJsonObject(part, new JsonObject())) {
      JsonArray form = (JsonArray) declared.getValue();
      if (form.isEmpty()) {
        throw new Doubt();
      }
      JsonObject options = form.size() > 1 ? form.getJsonObject(1) : new JsonObject();
      declarations.add(new InputSpec(declared.getKey(), form.getValue(0), options, part.equals(REQUIRED)).known());
    }
    return declarations;
  }

  private InputSpec known() {
    boolean special = type instanceof String text && (text.isEmpty() || text.startsWith(SPECIAL));
    if (special || !(type instanceof String || type instanceof JsonArray) || options == null || name.contains(".")) {
      throw new Doubt();
    }
    return this;
  }

  public boolean is(String wanted) {
    return type.equals(wanted);
  }

  /** As quoted in errors. */
  JsonArray quoted() {
    return JsonArray.of(type, options);
  }
}
