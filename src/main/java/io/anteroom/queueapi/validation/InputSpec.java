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
 * One input that a node class declares.
 *
 * @param type     a text, or the list of the values that may be chosen
 * @param options  bounds and the like
 * @param required whether it may not be left out
 */
public record InputSpec(String name, Object type, JsonObject options, boolean required) {
  /** Types of ComfyUI's that stand for something else once the workflow is known. */
  private static final String SPECIAL = "COMFY_";
  /** Ten thousand models have less. */
  private static final int LONGEST = 4 << 20;
  private static final String REQUIRED = "required";
  private static final String OPTIONAL = "optional";

  /** What a class declares, required ones first; empty when it cannot be known without its code. */
  public static Optional<List<InputSpec>> of(NodeClass nodeClass) {
    if (nodeClass.inputs().length() > LONGEST) {
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

  /** As errors quote it. */
  JsonArray quoted() {
    return JsonArray.of(type, options);
  }
}
