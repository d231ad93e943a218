package io.anteroom.edge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** What the body of a panel's request wishes, read as leniently as ComfyUI reads it. */
record PanelWish(JsonObject body) {

  /** Refused unless the body is an object. */
  static PanelWish required(Buffer sent) {
    try {
      if (Json.decodeValue(sent) instanceof JsonObject object) {
        return new PanelWish(object);
      }
    } catch (DecodeException notJson) {
      throw notAnObject();
    }
    throw notAnObject();
  }

  /** A body that is no JSON counts as none. */
  static PanelWish optional(Buffer sent) {
    try {
      return sent.length() == 0 ? new PanelWish(new JsonObject()) : required(Json.decodeValue(sent) == null
        ? Buffer.buffer("{}") : sent);
    } catch (DecodeException none) {
      return new PanelWish(new JsonObject());
    }
  }

  boolean clear() {
    Object value = body.getValue("clear");
    return value != null && !value.equals(false) && !value.equals(0) && !value.equals("");
  }

  List<String> delete() {
    return texts("delete");
  }

  Optional<String> promptId() {
    return Optional.ofNullable(body.getValue("prompt_id")).filter(String.class::isInstance).map(String.class::cast)
      .filter(id -> !id.isEmpty());
  }

  /** Refused unless it is a list of texts. */
  List<String> jobIds() {
    if (body.getValue("job_ids") instanceof JsonArray ids && texts("job_ids").size() == ids.size()) {
      return texts("job_ids");
    }
    return List.of("");
  }

  private List<String> texts(String name) {
    return body.getValue(name) instanceof JsonArray list
      ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList() : List.of();
  }

  private static RuntimeException notAnObject() {
    return Refusals.invalid("The body", "something else", "a JSON object");
  }
}
