package io.anteroom.comfy.json;

import io.anteroom.comfy.json.JsonStream.Event;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;

/** Builds one object from a {@link JsonStream}, up to a size limit: the rest is left out. */
public final class JsonTree {
  /** Memory of a name and a value in addition to their characters. */
  private static final int OVERHEAD = 64;

  private final long limit;
  private final JsonObject root = new JsonObject();
  private final Deque<Object> open = new ArrayDeque<>();
  private int leftOut;
  private long cost;
  private boolean isCut;

  /** @param limit approximate memory, in bytes */
  public JsonTree(long limit) {
    this.limit = limit;
    open.push(root);
  }

  public JsonObject root() {
    return root;
  }

  /** Whether something was left out. */
  public boolean isCut() {
    return isCut;
  }

  /** Adds the next event after the start of the object; true if it is the end of the object. */
  public boolean ends(Event event) {
    switch (event.type()) {
      case START_OBJECT -> begin(event, new JsonObject());
      case START_ARRAY -> begin(event, new JsonArray());
      case VALUE -> add(event, event.value());
      case END_OBJECT, END_ARRAY -> {
        if (leftOut > 0) {
          leftOut--;
        } else {
          open.pop();
        }
      }
    }
    return open.isEmpty();
  }

  private void begin(Event event, Object value) {
    if (leftOut > 0 || !add(event, value)) {
      leftOut++;
    } else {
      open.push(value);
    }
  }

  private boolean add(Event event, Object value) {
    if (leftOut > 0) {
      return false;
    }
    cost += OVERHEAD + length(event.fieldName()) + length(value);
    if (cost > limit) {
      isCut = true;
      return false;
    }
    if (open.peek() instanceof JsonObject object) {
      object.put(event.fieldName(), value);
    } else {
      ((JsonArray) open.peek()).add(value);
    }
    return true;
  }

  private static int length(Object value) {
    return value instanceof String text ? text.length() : 0;
  }
}
