package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.comfyui.PythonError;
import io.anteroom.simulator.execution.PromptQueue;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The queue and the history as jobs, the form that newer pages ask for. */
final class JobList {

  private final ComfyVersion version;
  private final PromptQueue queue;

  JobList(ComfyVersion version, PromptQueue queue) {
    this.version = version;
    this.queue = queue;
  }

  /** All jobs. Raises, as ComfyUI does, when a single prompt among them has a workflow that is no object. */
  List<JsonObject> all() {
    List<JsonObject> jobs = new ArrayList<>();
    queue.running().ifPresent(prompt -> jobs.add(job(prompt.toJson(), "in_progress")));
    queue.pending().forEach(prompt -> jobs.add(job(prompt.toJson(), "pending")));
    queue.history().entries().forEach(entry -> jobs.add(ended(entry)));
    return jobs;
  }

  /** A job with its outputs and its workflow; one that has not ended comes without. */
  Optional<JsonObject> find(String id) {
    return queue.history().find(id).map(this::endedInFull)
      .or(() -> queue.running().filter(prompt -> prompt.id().equals(id))
        .map(prompt -> job(prompt.toJson(), "in_progress")))
      .or(() -> queue.pending().stream().filter(prompt -> prompt.id().equals(id)).findFirst()
        .map(prompt -> job(prompt.toJson(), "pending")));
  }

  private JsonObject endedInFull(JsonObject entry) {
    return withWorkflow(ended(entry)
      .put("outputs", entry.getJsonObject("outputs"))
      .put("execution_status", entry.getJsonObject("status")), entry.getJsonArray("prompt"));
  }

  private JsonObject ended(JsonObject entry) {
    JsonObject messages = new JsonObject();
    for (Object message : entry.getJsonObject("status").getJsonArray("messages")) {
      messages.put(((JsonArray) message).getString(0), ((JsonArray) message).getJsonObject(1));
    }
    JsonObject job = started(entry.getJsonArray("prompt"), statusOf(messages));
    job.put("execution_start_time", messages.getJsonObject("execution_start").getLong("timestamp"));
    for (String last : List.of("execution_success", "execution_error", "execution_interrupted")) {
      if (messages.containsKey(last)) {
        job.put("execution_end_time", messages.getJsonObject(last).getLong("timestamp"));
      }
    }
    if (messages.containsKey("execution_error")) {
      job.put("execution_error", messages.getJsonObject("execution_error"));
    }
    return withWorkflowId(withOutputs(job, entry.getJsonObject("outputs")), entry.getJsonArray("prompt"));
  }

  private String statusOf(JsonObject messages) {
    if (messages.containsKey("execution_success")) {
      return "completed";
    }
    return messages.containsKey("execution_interrupted") && version.tellsCancelledFromFailed()
      ? "cancelled" : "failed";
  }

  private static JsonObject job(JsonArray prompt, String status) {
    return withWorkflowId(started(prompt, status).put("outputs_count", 0), prompt);
  }

  private static JsonObject started(JsonArray prompt, String status) {
    return new JsonObject()
      .put("id", prompt.getString(1))
      .put("status", status)
      .put("priority", prompt.getValue(0))
      .put("create_time", prompt.getJsonObject(3).getValue("create_time"));
  }

  private static JsonObject withWorkflowId(JsonObject job, JsonArray prompt) {
    Object id = attribute(attribute(prompt.getJsonObject(3), "extra_pnginfo"), "workflow").getValue("id");
    return id == null ? job : job.put("workflow_id", id);
  }

  private static JsonObject attribute(JsonObject of, String name) {
    if (of.getValue(name, new JsonObject()) instanceof JsonObject found) {
      return found;
    }
    throw new PythonError("AttributeError", "object has no attribute 'get'");
  }

  private static JsonObject withOutputs(JsonObject job, JsonObject outputs) {
    List<JsonObject> pictures = new ArrayList<>();
    for (Map.Entry<String, Object> output : outputs) {
      for (Object image : ((JsonObject) output.getValue()).getJsonArray("images")) {
        pictures.add(((JsonObject) image).copy().put("nodeId", output.getKey()).put("mediaType", "images"));
      }
    }
    job.put("outputs_count", pictures.size());
    return pictures.isEmpty() ? job : job.put("preview_output", pictures.get(0));
  }

  private static JsonObject withWorkflow(JsonObject job, JsonArray prompt) {
    return job.put("workflow", JsonObject.of("prompt", prompt.getValue(2), "extra_data", prompt.getValue(3)));
  }
}
