package io.anteroom.comfy;

import io.anteroom.comfy.json.JsonStream;
import io.anteroom.comfy.json.JsonStream.Event;
import io.anteroom.comfy.json.JsonTree;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.task.TaskError;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.JsonEventType;
import java.util.Optional;

/** Streaming parser for outcome and outputs in {@code GET /history/{id}}; skips the graph. */
final class HistoryParser implements Handler<Event> {
  /** Depth: the object, the entry. */
  private static final int INSIDE_ENTRY = 2;

  /** Larger outputs are left out of a status: the page reads them from the history itself. */
  private static final int OUTPUTS_KEPT = 64 * 1024;
  /** Of a parsed part, in memory; an error contains the input values of its node. */
  private static final long MAX_PART = 4 << 20;

  private JsonObject outputs = new JsonObject();
  private boolean isCut;
  private JsonObject status;
  private String partName = "";
  private JsonTree part;
  private int depth;

  /** Parses a short response that is complete. */
  static RunState runState(Buffer answer) {
    HistoryParser reader = new HistoryParser();
    JsonStream stream = new JsonStream(reader);
    stream.feed(answer);
    stream.end();
    return reader.runState();
  }

  @Override
  public void handle(Event event) {
    if (part != null) {
      if (part.ends(event)) {
        keep();
      }
      return;
    }
    boolean isPart = depth == INSIDE_ENTRY && event.type() == JsonEventType.START_OBJECT
      && ("outputs".equals(event.fieldName()) || "status".equals(event.fieldName()));
    if (isPart) {
      partName = event.fieldName();
      part = new JsonTree(MAX_PART);
      return;
    }
    switch (event.type()) {
      case START_OBJECT, START_ARRAY -> depth++;
      case END_OBJECT, END_ARRAY -> depth--;
      case VALUE -> { }
    }
  }

  RunState runState() {
    if (status == null) {
      return new RunState.Absent();
    }
    if ("success".equals(status.getString("status_str"))) {
      return new RunState.Ended(RunState.Ended.How.SUCCESS, Optional.empty(), keptOutputs());
    }
    return message(ComfyProtocol.INTERRUPTED)
      .map(data -> ended(RunState.Ended.How.INTERRUPTED, new TaskError("interrupted", "The run was interrupted.")))
      .orElseGet(() -> ended(RunState.Ended.How.ERROR, error()));
  }

  private void keep() {
    if (partName.equals("outputs")) {
      outputs = part.root();
      isCut = part.isCut();
    } else {
      status = part.root();
    }
    part = null;
  }

  private RunState.Ended ended(RunState.Ended.How how, TaskError error) {
    return new RunState.Ended(how, Optional.of(error), keptOutputs());
  }

  private String keptOutputs() {
    String text = PythonJson.text(outputs);
    return text.length() <= OUTPUTS_KEPT && !isCut ? text : "";
  }

  private TaskError error() {
    return message(ComfyProtocol.FAILED)
      .map(ComfyErrors::ofExecution)
      .orElseGet(() -> new TaskError("execution_failed", "ComfyUI reports that the run failed, but not why."));
  }

  /** The data of the last message of this kind; a message is {@code [event, data]}. */
  private Optional<JsonObject> message(String kind) {
    return status.getJsonArray("messages", new JsonArray()).stream()
      .filter(JsonArray.class::isInstance)
      .map(JsonArray.class::cast)
      .filter(pair -> pair.size() == 2 && kind.equals(pair.getValue(0)) && pair.getValue(1) instanceof JsonObject)
      .map(pair -> pair.getJsonObject(1))
      .reduce((earlier, later) -> later);
  }
}
