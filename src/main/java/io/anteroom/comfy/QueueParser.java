package io.anteroom.comfy;

import io.anteroom.comfy.json.JsonStream.Event;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.task.TaskId;
import io.vertx.core.Handler;
import java.util.HashSet;
import java.util.Set;

/**
 * Streaming parser for the ids in {@code GET /queue}. The response contains every graph in full, often many megabytes,
 * of which only the ids are kept.
 */
final class QueueParser implements Handler<Event> {
  /** Depth: the object, one of its two arrays, an item. */
  private static final int INSIDE_ITEM = 3;
  /** No real queue is longer. */
  private static final int MAX_RUNS = 20_000;
  /** Ours have 36 characters. */
  private static final int MAX_ID_LENGTH = 200;

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

  /** All running ids. */
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
    list.add(id.substring(0, Math.min(id.length(), MAX_ID_LENGTH)));
  }
}
