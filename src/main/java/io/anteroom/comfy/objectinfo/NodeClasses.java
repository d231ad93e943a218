package io.anteroom.comfy.objectinfo;

import io.anteroom.comfy.protocol.ComfyProtocol.Release;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The node classes of an instance at one moment.
 *
 * @param release its version; empty if unknown
 * @param classes by name; without classes whose declaration failed, although the instance has them
 * @param judges  whether its guard supports dry runs
 * @param began   when it was requested, by {@link System#nanoTime}
 */
public record NodeClasses(
    Optional<Release> release, Map<String, NodeClass> classes, boolean judges, long began) {

  /** Of an instance without a guard. */
  public NodeClasses(Optional<Release> release, Map<String, NodeClass> classes, long began) {
    this(release, classes, false, began);
  }

  /** The same with these classes replaced; an empty one is removed. */
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
   * The declaration of a node class at an instance, as far as validation needs it.
   *
   * @param module   the module of its code: {@code nodes} and {@code comfy_extras.…} are built in
   * @param isOutput whether it is an output node
   * @param outputs  its output types, slot by slot; {@link #ANY} if the type is not a plain text
   * @param inputs   the JSON object that declares its inputs, as the instance wrote it; empty if there is none
   */
  public record NodeClass(String name, String module, boolean isOutput, List<String> outputs, String inputs) {
    /** The type that matches every other. */
    public static final String ANY = "*";
  }
}
