package io.anteroom.comfy;

import io.anteroom.task.TaskId;
import io.vertx.core.Handler;
import io.vertx.core.parsetools.JsonEvent;
import java.util.HashSet;
import java.util.Set;

/**
 * Picks the ids out of {@code GET /queue} while it arrives. The answer carries every graph in full, many megabytes at
 * times, of which nothing but the ids is kept.
 */
final class QueueReader implements Handler<JsonEvent> {
  /** The object, one of its two arrays, an item. */
  private static final int INSIDE_ITEM = 3;

  private final Set<String> running = new HashSet<>();
  private final Set<String> pending = new HashSet<>();
  private Set<String> list = pending;
  private int depth;
  private int index;

  @Override
  public void handle(JsonEvent event) {
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

  private void open(JsonEvent event) {
    if (depth == 1) {
      list = ComfyProtocol.RUNNING.equals(event.fieldName()) ? running : pending;
    } else if (depth == INSIDE_ITEM - 1) {
      index = 0;
    } else if (depth == INSIDE_ITEM) {
      index++;
    }
    depth++;
  }

  private void value(JsonEvent event) {
    if (depth != INSIDE_ITEM) {
      return;
    }
    if (index == ComfyProtocol.ID_IN_ITEM && event.value() instanceof String id) {
      list.add(id);
    }
    index++;
  }
}
