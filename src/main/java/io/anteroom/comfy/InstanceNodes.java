package io.anteroom.comfy;

import java.util.Map;
import java.util.Optional;

/**
 * The node classes that an instance had at one moment.
 *
 * @param release its version; empty when it does not say
 * @param classes by name; a class whose own declaration fails is not among them although the instance has it
 * @param began   when it was asked, by {@link System#nanoTime}: what was known to the asker then is in it
 */
public record InstanceNodes(Optional<Release> release, Map<String, NodeClass> classes, long began) {
  public Optional<NodeClass> find(String name) {
    return Optional.ofNullable(classes.get(name));
  }
}
