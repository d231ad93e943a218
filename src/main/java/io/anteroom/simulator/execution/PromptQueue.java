package io.anteroom.simulator.execution;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** ComfyUI's queue and history: waiting, running and ended prompts. */
public final class PromptQueue {

  private static final int MAX_HISTORY = 10_000;

  private final Sockets sockets;
  private final Optional<SimulatedGuard> guard;
  private final PendingHeap pending = new PendingHeap();
  private final History history = new History(MAX_HISTORY);
  private Optional<QueuedPrompt> running = Optional.empty();
  private int counter;

  public PromptQueue(Sockets sockets, Optional<SimulatedGuard> guard) {
    this.sockets = sockets;
    this.guard = guard;
  }

  /** The next number for a prompt without one. Advances also for prompts that are then refused. */
  public int nextNumber() {
    return counter++;
  }

  /** May raise with the prompt already in the queue; then no event is sent. */
  public void put(QueuedPrompt prompt) {
    pending.push(prompt);
    tellLength();
  }

  /** Moves the first waiting prompt to running. May raise, which kills a worker. */
  Optional<QueuedPrompt> take() {
    if (pending.size() == 0) {
      return Optional.empty();
    }
    running = Optional.of(pending.pop());
    tellLength();
    return running;
  }

  void done(String id, JsonObject entry) {
    running.ifPresent(prompt -> guard.ifPresent(noting -> noting.end(prompt, entry)));
    running = Optional.empty();
    history.add(id, entry);
    tellLength();
  }

  public void delete(Object id) {
    if (pending.removeFirst(prompt -> prompt.id().equals(id))) {
      tellLength();
    }
  }

  public void clear() {
    pending.clear();
    tellLength();
  }

  /** Clears everything, as a restart does. */
  public void forget() {
    pending.clear();
    history.clear();
    running = Optional.empty();
    counter = 0;
  }

  public Optional<QueuedPrompt> running() {
    return running;
  }

  public List<QueuedPrompt> pending() {
    return pending.items();
  }

  public History history() {
    return history;
  }

  public boolean isRunning(Object id) {
    return running.filter(prompt -> prompt.id().equals(id)).isPresent();
  }

  public boolean isPending(Object id) {
    return pending.items().stream().anyMatch(prompt -> prompt.id().equals(id));
  }

  /** {@code GET /queue}. */
  public JsonObject toJson() {
    JsonArray waiting = new JsonArray();
    pending.items().forEach(prompt -> waiting.add(prompt.toJson()));
    JsonArray now = new JsonArray();
    running.ifPresent(prompt -> now.add(prompt.toJson()));
    return JsonObject.of("queue_running", now, "queue_pending", waiting);
  }

  /** {@code GET /prompt}. */
  public JsonObject length() {
    int remaining = pending.size() + (running.isPresent() ? 1 : 0);
    return JsonObject.of("exec_info", JsonObject.of("queue_remaining", remaining));
  }

  private void tellLength() {
    sockets.toAll("status", JsonObject.of("status", length()));
  }

  /**
   * The waiting prompts in the same array as in ComfyUI: {@code /queue} returns it raw, so the order of a binary heap,
   * not that of execution, is visible on the wire. A comparison may raise; the array then stays as Python would leave
   * it.
   */
  static final class PendingHeap {

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

    /** Removes only the first match in the array. */
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
}
