package io.anteroom.cluster.hazelcast;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Who holds which place of the limit, in the whole cluster, at one moment.
 *
 * @param limit   how many permits there may be
 * @param holders permit id → node id; more than the limit after it was lowered
 */
record PermitTable(int limit, Map<String, String> holders) implements Serializable {

  PermitTable {
    holders = Map.copyOf(holders);
  }

  static PermitTable empty(int limit) {
    return new PermitTable(limit, Map.of());
  }

  boolean isHeld(String permit) {
    return holders.containsKey(permit);
  }

  boolean isFull() {
    return holders.size() >= limit;
  }

  Set<String> heldBy(String node) {
    return holders.keySet().stream().filter(permit -> holders.get(permit).equals(node)).collect(Collectors.toSet());
  }

  PermitTable with(String permit, String node) {
    return changed(places -> places.put(permit, node));
  }

  PermitTable with(Collection<String> permits, String node) {
    return changed(places -> permits.forEach(permit -> places.put(permit, node)));
  }

  PermitTable without(String permit) {
    return changed(places -> places.remove(permit));
  }

  PermitTable withoutNode(String node) {
    return changed(places -> places.values().removeIf(node::equals));
  }

  PermitTable onlyOf(Collection<String> nodes) {
    return changed(places -> places.values().retainAll(nodes));
  }

  PermitTable withLimit(int newLimit) {
    return new PermitTable(newLimit, holders);
  }

  private PermitTable changed(Consumer<Map<String, String>> change) {
    Map<String, String> places = new HashMap<>(holders);
    change.accept(places);
    return new PermitTable(limit, places);
  }
}
