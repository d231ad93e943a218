package io.anteroom.comfy;

import io.anteroom.task.TaskError;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.JsonEvent;
import io.vertx.core.parsetools.JsonParser;
import java.util.Optional;

/** Picks outcome and outputs out of {@code GET /history/{id}} while it arrives; the graph in it is passed over. */
final class HistoryReader implements Handler<JsonEvent> {
  /** The answer's object, the entry. */
  private static final int INSIDE_ENTRY = 2;

  /** More than this of outputs is not for a status message: the page reads it from history itself. */
  private static final int OUTPUTS_KEPT = 64 * 1024;

  private final JsonParser parser;
  private JsonObject outputs = new JsonObject();
  private JsonObject status;
  private int depth;

  HistoryReader(JsonParser parser) {
    this.parser = parser;
  }

  /** The same from a short answer that is there already. */
  static Whereabouts whereabouts(Buffer answer) {
    JsonParser parser = JsonParser.newParser();
    HistoryReader reader = new HistoryReader(parser);
    parser.objectEventMode().arrayEventMode().handler(reader);
    parser.handle(answer);
    parser.end();
    return reader.whereabouts();
  }

  @Override
  public void handle(JsonEvent event) {
    switch (event.type()) {
      case START_OBJECT, START_ARRAY -> depth++;
      case END_OBJECT, END_ARRAY -> depth--;
      case VALUE -> value(event);
    }
    takeWhole(depth == INSIDE_ENTRY);
  }

  Whereabouts whereabouts() {
    if (status == null) {
      return new Whereabouts.Absent();
    }
    if ("success".equals(status.getString("status_str"))) {
      return new Whereabouts.Ended(Whereabouts.Ended.How.SUCCESS, Optional.empty(), keptOutputs());
    }
    return message(ComfyProtocol.INTERRUPTED)
      .map(data -> ended(Whereabouts.Ended.How.INTERRUPTED, new TaskError("interrupted", "The run was interrupted.")))
      .orElseGet(() -> ended(Whereabouts.Ended.How.ERROR, error()));
  }

  /** Inside the entry its fields come as whole objects; around and above it piece by piece. */
  private void takeWhole(boolean whole) {
    if (whole) {
      parser.objectValueMode();
    } else {
      parser.objectEventMode();
    }
  }

  private void value(JsonEvent event) {
    if (depth == INSIDE_ENTRY && event.value() instanceof JsonObject object) {
      if ("outputs".equals(event.fieldName())) {
        outputs = object;
      } else if ("status".equals(event.fieldName())) {
        status = object;
      }
    }
  }

  private Whereabouts.Ended ended(Whereabouts.Ended.How how, TaskError error) {
    return new Whereabouts.Ended(how, Optional.of(error), keptOutputs());
  }

  private String keptOutputs() {
    String text = outputs.encode();
    return text.length() <= OUTPUTS_KEPT ? text : "";
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
