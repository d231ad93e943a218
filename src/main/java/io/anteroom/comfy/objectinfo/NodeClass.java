package io.anteroom.comfy.objectinfo;

import java.util.List;

/**
 * What an instance says of one of its node classes, as far as a workflow is judged by it.
 *
 * @param module   where its code comes from: {@code nodes} and {@code comfy_extras.…} are ComfyUI's own
 * @param isOutput whether a workflow may end in it
 * @param outputs  the types that it gives, slot by slot; {@link #ANY} where the type is not a plain text
 * @param inputs   the JSON object that declares its inputs, as the instance wrote it; empty when there is none
 */
public record NodeClass(String name, String module, boolean isOutput, List<String> outputs, String inputs) {
  /** The type that goes with every other. */
  public static final String ANY = "*";
}
