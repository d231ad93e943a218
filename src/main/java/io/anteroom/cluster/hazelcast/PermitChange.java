package io.anteroom.cluster.hazelcast;

import com.hazelcast.map.EntryProcessor;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

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
