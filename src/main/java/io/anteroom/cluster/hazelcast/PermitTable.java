package io.anteroom.cluster.hazelcast;

import com.hazelcast.map.EntryProcessor;
import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Which node holds which permit of the concurrency limit, in the whole cluster, at one moment.
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
    return changed(table -> table.put(permit, node));
  }

  PermitTable with(Collection<String> permits, String node) {
    return changed(table -> permits.forEach(permit -> table.put(permit, node)));
  }

  PermitTable without(String permit) {
    return changed(table -> table.remove(permit));
  }

  PermitTable withoutNode(String node) {
    return changed(table -> table.values().removeIf(node::equals));
  }

  PermitTable onlyOf(Collection<String> nodes) {
    return changed(table -> table.values().retainAll(nodes));
  }

  PermitTable withLimit(int newLimit) {
    return new PermitTable(newLimit, holders);
  }

  private PermitTable changed(Consumer<Map<String, String>> change) {
    Map<String, String> table = new HashMap<>(holders);
    change.accept(table);
    return new PermitTable(limit, table);
  }

  /** One change of the permit table, made where the table lies. Idempotent. */
  sealed interface PermitChange<R> extends EntryProcessor<String, PermitTable, R> {

    /** The reply to a request for a permit. */
    enum Answer { GRANTED, FULL, LIMIT_UNKNOWN }

    /** The node requests this permit. */
    record Acquire(String permit, String node) implements PermitChange<Answer> {
      @Override
      public Answer process(Map.Entry<String, PermitTable> entry) {
        PermitTable table = entry.getValue();
        if (table == null) {
          return Answer.LIMIT_UNKNOWN;
        }
        if (table.isHeld(permit)) {
          return Answer.GRANTED;
        }
        if (table.isFull()) {
          return Answer.FULL;
        }
        entry.setValue(table.with(permit, node));
        return Answer.GRANTED;
      }
    }

    /** This permit is no longer needed. */
    record Release(String permit) implements PermitChange<Void> {
      @Override
      public Void process(Map.Entry<String, PermitTable> entry) {
        PermitTable table = entry.getValue();
        if (table != null) {
          entry.setValue(table.without(permit));
        }
        return null;
      }
    }

    /** The node has left: all its permits are free. */
    record Leave(String node) implements PermitChange<Void> {
      @Override
      public Void process(Map.Entry<String, PermitTable> entry) {
        PermitTable table = entry.getValue();
        if (table != null) {
          entry.setValue(table.withoutNode(node));
        }
        return null;
      }
    }

    /**
     * Replaces what the table has of a node.
     *
     * @param held    what the node holds, whatever the table says
     * @param asked   what it has requested and has no reply to yet; of these the table is right
     * @param members the nodes that may hold permits
     */
    record Reconcile(String node, Set<String> held, Set<String> asked, Set<String> members, int limit)
        implements PermitChange<Void> {

      @Override
      public Void process(Map.Entry<String, PermitTable> entry) {
        PermitTable before = entry.getValue() == null ? PermitTable.empty(limit) : entry.getValue();
        Set<String> kept = new HashSet<>(asked);
        kept.retainAll(before.heldBy(node));
        kept.addAll(held);
        entry.setValue(before.onlyOf(members).withoutNode(node).with(kept, node).withLimit(limit));
        return null;
      }
    }
  }
}
