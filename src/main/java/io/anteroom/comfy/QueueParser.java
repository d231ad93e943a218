package io.anteroom.comfy;

import io.anteroom.comfy.json.JsonStream.Event;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.task.TaskId;
import io.vertx.core.Handler;
import java.util.HashSet;
import java.util.Set;

/**
 * Picks the ids out of {@code GET /queue} while it arrives. The answer carries every graph in full, many megabytes at
 * times, of which nothing but the ids is kept.
 */
final class QueueParser implements Handler<Event> {
  /** The object, one of its two arrays, an item. */
  private static final int INSIDE_ITEM = 3;
  /** A queue of more is none of ComfyUI's. */
  private static final int MAX_RUNS = 20_000;
  /** Those of ours have 36 letters. */
  private static final int LONGEST_ID = 200;

  private final Set<String> running = new HashSet<>();
  private final Set<String> pending = new HashSet<>();
  private Set<String> list = pending;
  private int depth;
  private int index;

  @Override
  public void handle(Event event) {
    switch (event.type()) {
      case START_OBJECT, START_ARRAY -> open(event);
      case END_OBJECT, END_ARRAY -> depth--;
      case VALUE -> value(event);
    }
  }

  boolean isRunning(TaskId id) {
    return running.contains(id.value());
  }

  /** All that runs. */
  Set<String> running() {
    return Set.copyOf(running);
  }

  boolean isPending(TaskId id) {
    return pending.contains(id.value());
  }

  private void open(Event event) {
    if (depth == 1) {
      list = ComfyProtocol.RUNNING.equals(event.fieldName()) ? running : pending;
    } else if (depth == INSIDE_ITEM - 1) {
      index = 0;
    } else if (depth == INSIDE_ITEM) {
      index++;
    }
    depth++;
  }

  private void value(Event event) {
    if (depth != INSIDE_ITEM) {
      return;
    }
    if (index == ComfyProtocol.ID_IN_ITEM && event.value() instanceof String id) {
      add(id);
    }
    index++;
  }

  private void add(String id) {
    if (running.size() + pending.size() >= MAX_RUNS) {
      throw new ComfyException("its queue has more than %d runs".formatted(MAX_RUNS));
    }
    list.add(id.substring(0, Math.min(id.length(), LONGEST_ID)));
  }
}
