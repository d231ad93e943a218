package io.anteroom.edge;

import io.anteroom.task.Refusal;
import io.anteroom.task.TaskId;
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
      return of(Json.decodeValue(sent));
    } catch (DecodeException notJson) {
      throw notAnObject();
    }
  }

  /** A body that is no JSON counts as none; refused when it is JSON but no object. */
  static PanelWish optional(Buffer sent) {
    try {
      return of(Json.decodeValue(sent));
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

  /** Empty unless it is a list of task ids and nothing else. */
  Optional<List<String>> jobIds() {
    List<String> ids = texts("job_ids");
    return body.getValue("job_ids") instanceof JsonArray all && all.size() == ids.size()
      && ids.stream().allMatch(id -> TaskId.parse(id).isPresent()) ? Optional.of(ids) : Optional.empty();
  }

  private List<String> texts(String name) {
    return body.getValue(name) instanceof JsonArray list
      ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList() : List.of();
  }

  private static PanelWish of(Object sent) {
    if (sent instanceof JsonObject object) {
      return new PanelWish(object);
    }
    throw notAnObject();
  }

  private static Refusal notAnObject() {
    return Refusals.invalid("The body", "something else", "a JSON object");
  }
}
