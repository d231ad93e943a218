package io.anteroom.simulator;

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

  Optional<JsonObject> find(String id) {
    Optional<JsonObject> queued = queue.running().filter(prompt -> prompt.id().equals(id))
      .map(prompt -> withWorkflow(job(prompt.toJson(), "in_progress"), prompt.toJson()))
      .or(() -> queue.pending().stream().filter(prompt -> prompt.id().equals(id)).findFirst()
        .map(prompt -> withWorkflow(job(prompt.toJson(), "pending"), prompt.toJson())));
    return queued.or(() -> queue.history().find(id).map(entry -> withWorkflow(ended(entry)
      .put("outputs", entry.getJsonObject("outputs"))
      .put("execution_status", entry.getJsonObject("status")), entry.getJsonArray("prompt"))));
  }

  private JsonObject ended(JsonObject entry) {
    JsonObject messages = new JsonObject();
    for (Object message : entry.getJsonObject("status").getJsonArray("messages")) {
      messages.put(((JsonArray) message).getString(0), ((JsonArray) message).getJsonObject(1));
    }
    JsonObject job = job(entry.getJsonArray("prompt"), statusOf(messages));
    job.put("execution_start_time", messages.getJsonObject("execution_start").getLong("timestamp"));
    for (String last : List.of("execution_success", "execution_error", "execution_interrupted")) {
      if (messages.containsKey(last)) {
        job.put("execution_end_time", messages.getJsonObject(last).getLong("timestamp"));
      }
    }
    if (messages.containsKey("execution_error")) {
      job.put("execution_error", messages.getJsonObject("execution_error"));
    }
    return withOutputs(job, entry.getJsonObject("outputs"));
  }

  private String statusOf(JsonObject messages) {
    if (messages.containsKey("execution_success")) {
      return "completed";
    }
    return messages.containsKey("execution_interrupted") && version.tellsCancelledFromFailed()
      ? "cancelled" : "failed";
  }

  private static JsonObject job(JsonArray prompt, String status) {
    JsonObject extraData = prompt.getJsonObject(3);
    JsonObject job = new JsonObject()
      .put("id", prompt.getString(1))
      .put("status", status)
      .put("priority", prompt.getValue(0))
      .put("create_time", extraData.getValue("create_time"))
      .put("outputs_count", 0);
    Object workflowId = attribute(attribute(extraData, "extra_pnginfo"), "workflow").getValue("id");
    return workflowId == null ? job : job.put("workflow_id", workflowId);
  }

  private static JsonObject attribute(JsonObject of, String name) {
    if (of.getValue(name, new JsonObject()) instanceof JsonObject found) {
      return found;
    }
    throw new PythonError("AttributeError", "object has no attribute 'get'");
  }

  private static JsonObject withOutputs(JsonObject job, JsonObject outputs) {
    int count = 0;
    for (Map.Entry<String, Object> output : outputs) {
      for (Object image : ((JsonObject) output.getValue()).getJsonArray("images")) {
        if (count++ == 0) {
          job.put("preview_output", ((JsonObject) image).copy()
            .put("nodeId", output.getKey()).put("mediaType", "images"));
        }
      }
    }
    return job.put("outputs_count", count);
  }

  private static JsonObject withWorkflow(JsonObject job, JsonArray prompt) {
    return job.put("workflow", JsonObject.of("prompt", prompt.getValue(2), "extra_data", prompt.getValue(3)));
  }
}
