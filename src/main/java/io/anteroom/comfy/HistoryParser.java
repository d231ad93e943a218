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

/** Picks outcome and outputs out of {@code GET /history/{id}} while it arrives; the graph in it is passed over. */
final class HistoryParser implements Handler<Event> {
  /** The answer's object, the entry. */
  private static final int INSIDE_ENTRY = 2;

  /** More than this of outputs is not for a status message: the page reads it from history itself. */
  private static final int OUTPUTS_KEPT = 64 * 1024;
  /** Of what is looked at, in memory; an error tells the values with which its node was called. */
  private static final long LARGEST_PART = 4 << 20;

  private JsonObject outputs = new JsonObject();
  private boolean isCut;
  private JsonObject status;
  private String partName = "";
  private JsonTree part;
  private int depth;

  /** The same from a short answer that is there already. */
  static RunState whereabouts(Buffer answer) {
    HistoryParser reader = new HistoryParser();
    JsonStream stream = new JsonStream(reader);
    stream.feed(answer);
    stream.end();
    return reader.whereabouts();
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
      part = new JsonTree(LARGEST_PART);
      return;
    }
    switch (event.type()) {
      case START_OBJECT, START_ARRAY -> depth++;
      case END_OBJECT, END_ARRAY -> depth--;
      case VALUE -> { }
    }
  }

  RunState whereabouts() {
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
      .orElseGet(() -> new TaskError("execution_failed", "ComfyUI reports that the run failed, without a reason."));
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
