package io.anteroom.simulator.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The waiting prompts in the very array that ComfyUI keeps them in: {@code /queue} shows it raw, so the order of a
 * binary heap, not the order of execution, is part of the wire. A comparison may raise; the array then stays as Python
 * would have left it.
 */
final class PendingHeap {

  private final List<QueuedPrompt> items = new ArrayList<>();

  List<QueuedPrompt> items() {
    return List.copyOf(items);
  }

  int size() {
    return items.size();
  }

  void push(QueuedPrompt item) {
    items.add(item);
    moveUp(0, items.size() - 1);
  }

  QueuedPrompt pop() {
    QueuedPrompt last = items.remove(items.size() - 1);
    if (items.isEmpty()) {
      return last;
    }
    QueuedPrompt first = items.set(0, last);
    moveDown(0);
    return first;
  }

  /** Removes the first match in the array, and only that one. */
  boolean removeFirst(Predicate<QueuedPrompt> match) {
    for (int i = 0; i < items.size(); i++) {
      if (match.test(items.get(i))) {
        items.remove(i);
        restore();
        return true;
      }
    }
    return false;
  }

  void clear() {
    items.clear();
  }

  private void restore() {
    for (int i = items.size() / 2 - 1; i >= 0; i--) {
      moveDown(i);
    }
  }

  private void moveUp(int start, int from) {
    QueuedPrompt moving = items.get(from);
    int at = from;
    while (at > start && moving.isBefore(items.get((at - 1) / 2))) {
      items.set(at, items.get((at - 1) / 2));
      at = (at - 1) / 2;
      items.set(at, moving);
    }
  }

  /** Sinks to a leaf along the smaller children, then rises again: the order of equals depends on it. */
  private void moveDown(int start) {
    QueuedPrompt moving = items.get(start);
    int at = start;
    for (int child = 2 * at + 1; child < items.size(); child = 2 * at + 1) {
      if (child + 1 < items.size() && !items.get(child).isBefore(items.get(child + 1))) {
        child++;
      }
      items.set(at, items.get(child));
      at = child;
      items.set(at, moving);
    }
    moveUp(start, at);
  }
}
