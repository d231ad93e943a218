package io.anteroom.edge.panel;

import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.task.TaskId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** The body of a panel's request, parsed as leniently as ComfyUI does. */
record PanelRequest(JsonObject body) {
  private static final String JOB_IDS = "job_ids";

  /** Fails unless the body is a JSON object. */
  static PanelRequest required(Buffer sent) {
    return value(sent).map(value -> of(value, sent)).orElseThrow(() -> EdgeErrors.notAnObject(sent));
  }

  /** A body that is not JSON counts as empty; fails when it is JSON but not an object. */
  static PanelRequest optional(Buffer sent) {
    return value(sent).map(value -> of(value, sent)).orElseGet(() -> new PanelRequest(new JsonObject()));
  }

  /** The error of {@code POST /api/jobs/cancel} for a body without valid ids of jobs; empty for a valid one. */
  static Optional<JsonObject> jobsError(Buffer sent) {
    Optional<JsonValue> value = value(sent);
    if (value.isEmpty()) {
      return Optional.of(error("Request body must be valid JSON"));
    }
    if (!(value.get().of() instanceof JsonObject object && object.getValue(JOB_IDS) instanceof JsonArray ids)) {
      return Optional.of(error("job_ids must be a list"));
    }
    List<String> invalid = ids.stream()
      .filter(id -> !(id instanceof String text && TaskId.parse(text).isPresent()))
      .map(id -> id instanceof String text ? text : Json.encode(id))
      .toList();
    return invalid.isEmpty() ? Optional.empty()
      : Optional.of(error("job_ids contains invalid id(s)").put("invalid_ids", new JsonArray(invalid)));
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

  List<String> jobIds() {
    return texts(JOB_IDS);
  }

  private List<String> texts(String name) {
    return body.getValue(name) instanceof JsonArray list
      ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList() : List.of();
  }

  private static PanelRequest of(JsonValue value, Buffer sent) {
    if (value.of() instanceof JsonObject object) {
      return new PanelRequest(object);
    }
    throw EdgeErrors.notAnObject(sent);
  }

  /** Empty when the text is not JSON. */
  private static Optional<JsonValue> value(Buffer sent) {
    try {
      return Optional.of(new JsonValue(Json.decodeValue(sent)));
    } catch (DecodeException notJson) {
      return Optional.empty();
    }
  }

  private static JsonObject error(String message) {
    return new JsonObject().put("error", message);
  }

  /** Any JSON value; null for {@code null}. */
  private record JsonValue(Object of) {
  }
}
