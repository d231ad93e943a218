package io.anteroom.comfy;

import io.anteroom.comfy.json.JsonStream.Event;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.task.TaskId;
import io.vertx.core.Handler;
import io.vertx.core.parsetools.JsonEventType;
import java.util.ArrayList;
import java.util.List;

/**
 * Streaming parser that finds the runs that Anteroom sent in {@code GET /queue} or {@code GET /history}, and keeps only
 * what identifies them. In both, items {@code [number, id, graph, extra_data, …]} are nested equally deep.
 */
public final class OwnRunsParser implements Handler<Event> {
  /** Depths: a list of the queue or an entry of the history, the item, its extra_data, our mark in it. */
  private static final int LIST = 2;
  private static final int ITEM = 3;
  private static final int EXTRA = 4;
  private static final int MARK = 5;
  /** No instance has more of ours. */
  private static final int MAX_RUNS = 20_000;

  private final boolean isQueue;
  private final List<OwnRun> found = new ArrayList<>();
  private int depth;
  private int index;
  private boolean running;
  private boolean inItem;
  private boolean inMark;
  private String id = "";
  private String clientId = "";
  private String task = "";
  private int attempt;

  private OwnRunsParser(boolean isQueue) {
    this.isQueue = isQueue;
  }

  static OwnRunsParser ofQueue() {
    return new OwnRunsParser(true);
  }

  static OwnRunsParser ofHistory() {
    return new OwnRunsParser(false);
  }

  /** In the order of the response. */
  List<OwnRun> found() {
    return found;
  }

  @Override
  public void handle(Event event) {
    switch (event.type()) {
      case START_OBJECT, START_ARRAY -> open(event);
      case END_OBJECT, END_ARRAY -> close();
      case VALUE -> value(event);
    }
  }

  private void open(Event event) {
    depth++;
    if (depth == LIST) {
      running = ComfyProtocol.RUNNING.equals(event.fieldName());
    } else if (depth == ITEM) {
      inItem = event.type() == JsonEventType.START_ARRAY && (isQueue || ComfyProtocol.TUPLE.equals(event.fieldName()));
      index = -1;
      id = "";
      clientId = "";
      task = "";
    } else if (depth == EXTRA) {
      index++;
    } else if (depth == MARK) {
      inMark = isInExtra() && PromptRequest.ANTEROOM.equals(event.fieldName());
    }
  }

  private void close() {
    depth--;
    if (depth == EXTRA) {
      inMark = false;
    } else if (depth == LIST && inItem) {
      inItem = false;
      if (!id.isEmpty() && id.equals(task)) {
        if (found.size() >= MAX_RUNS) {
          throw new ComfyException("it has more than %d runs".formatted(MAX_RUNS));
        }
        found.add(new OwnRun(new TaskId(id), place(), clientId, attempt));
      }
    }
  }

  private OwnRun.Place place() {
    if (!isQueue) {
      return OwnRun.Place.ENDED;
    }
    return running ? OwnRun.Place.RUNNING : OwnRun.Place.PENDING;
  }

  private void value(Event event) {
    if (depth == ITEM) {
      index++;
      if (inItem && index == ComfyProtocol.ID_IN_ITEM && event.value() instanceof String text) {
        id = text;
      }
    } else if (depth == EXTRA && isInExtra() && PromptRequest.CLIENT_ID.equals(event.fieldName())
        && event.value() instanceof String text && text.length() <= ClientIds.MAX_LENGTH) {
      clientId = text;
    } else if (depth == MARK && inMark) {
      mark(event);
    }
  }

  private void mark(Event event) {
    if (PromptRequest.TASK.equals(event.fieldName()) && event.value() instanceof String text) {
      task = TaskId.parse(text).map(TaskId::value).orElse("");
    } else if (PromptRequest.ATTEMPT.equals(event.fieldName()) && event.value() instanceof Number number) {
      attempt = number.intValue();
    }
  }

  private boolean isInExtra() {
    return inItem && index == ComfyProtocol.EXTRA_IN_ITEM;
  }

  /** A run that Anteroom sent, found at an instance by its mark. */
  public record OwnRun(TaskId id, Place place, String clientId, int attempt) {

    /** Where the run is. */
    public enum Place { RUNNING, PENDING, ENDED }
  }
}
