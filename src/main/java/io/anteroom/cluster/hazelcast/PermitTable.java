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

  /** One step of the permit table, taken where the table lies. Taken twice, it does no more than once. */
  sealed interface PermitChange<R> extends EntryProcessor<String, PermitTable, R> {

    /** What becomes of the wish for a permit. */
    enum Answer { GRANTED, FULL, LIMIT_UNKNOWN }

    /** The node asks for this permit. */
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

    /** This permit is not needed any more. */
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

    /** The node is gone, and all its permits with it. */
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
     * The truth as this node knows it.
     *
     * @param held    what the node holds, whatever the table says
     * @param asked   what it has asked for without an answer yet; of these the table knows better
     * @param members the nodes that may hold anything at all
     */
    record Mend(String node, Set<String> held, Set<String> asked, Set<String> members, int limit)
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
