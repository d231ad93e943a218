package io.anteroom.comfy.objectinfo;

import io.anteroom.comfy.protocol.ComfyProtocol.Release;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The node classes that an instance had at one moment.
 *
 * @param release its version; empty when it does not say
 * @param classes by name; a class whose own declaration fails is not among them although the instance has it
 * @param judges  whether its guard can be asked what it would say to a workflow
 * @param began   when it was asked, by {@link System#nanoTime}: what was known to the asker then is in it
 */
public record NodeClasses(
    Optional<Release> release, Map<String, NodeClass> classes, boolean judges, long began) {

  /** Those of an instance without a guard. */
  public NodeClasses(Optional<Release> release, Map<String, NodeClass> classes, long began) {
    this(release, classes, false, began);
  }

  /** The same with these classes as they are found to be; those that are empty are not there. */
  NodeClasses with(Map<String, Optional<NodeClass>> found, long now) {
    Map<String, NodeClass> all = new HashMap<>(classes);
    found.forEach((name, nodeClass) ->
      nodeClass.ifPresentOrElse(there -> all.put(name, there), () -> all.remove(name)));
    return new NodeClasses(release, all, judges, now);
  }

  public Optional<NodeClass> find(String name) {
    return Optional.ofNullable(classes.get(name));
  }

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
}
