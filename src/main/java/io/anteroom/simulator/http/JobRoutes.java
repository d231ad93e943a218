package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.comfyui.PythonText.PythonError;
import io.anteroom.simulator.execution.PromptQueue;
import io.anteroom.simulator.execution.QueuedPrompt;
import io.anteroom.simulator.execution.Worker;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /api/jobs}: list, look up, cancel. ComfyUI writes the prefix out, so the twin is {@code /api/api/jobs}. */
public final class JobRoutes {

  private final ComfyVersion version;
  private final PromptQueue queue;
  private final Worker worker;
  private final JobList jobs;

  public JobRoutes(ComfyVersion version, PromptQueue queue, Worker worker) {
    this.version = version;
    this.queue = queue;
    this.worker = worker;
    this.jobs = new JobList(version, queue);
  }

  public void addTo(SimulatorRoutes routes) {
    if (version.hasJobs()) {
      routes.get("/api/jobs", this::list);
      routes.get("/api/jobs/:id", this::find);
    }
    if (version.cancelsJobs()) {
      routes.post("/api/jobs/cancel", this::cancelMany);
      routes.post("/api/jobs/:id/cancel", ctx -> cancelled(ctx, cancel(ctx.pathParam("id"))));
    }
  }

  private void list(RoutingContext ctx) {
    Optional<String> complaint = complaint(ctx);
    if (complaint.isPresent()) {
      SimulatorRoutes.answer(ctx, 400, JsonObject.of("error", complaint.get()));
      return;
    }
    List<String> wanted = param(ctx, "status").map(csv -> List.of(csv.split(","))).orElseGet(this::statuses);
    List<JsonObject> found = new ArrayList<>(jobs.all().stream()
      .filter(job -> wanted.contains(job.getString("status")))
      .filter(job -> param(ctx, "workflow_id").map(id -> id.equals(job.getValue("workflow_id"))).orElse(true))
      .toList());
    sort(found, param(ctx, "sort_by").orElse("created_at"), param(ctx, "sort_order").orElse("desc"));
    int offset = Math.max(0, param(ctx, "offset").map(Integer::valueOf).orElse(0));
    Integer limit = param(ctx, "limit").map(Integer::valueOf).orElse(null);
    List<JsonObject> page = found.stream().skip(offset).limit(limit == null ? found.size() : limit).toList();
    SimulatorRoutes.answer(ctx, JsonObject.of("jobs", new JsonArray(page), "pagination", JsonObject.of("offset", offset,
      "limit", limit, "total", found.size(), "has_more", offset + page.size() < found.size())));
  }

  private Optional<String> complaint(RoutingContext ctx) {
    for (String status : param(ctx, "status").orElse("").split(",")) {
      if (!status.isBlank() && !statuses().contains(status)) {
        return Optional.of("Invalid status value(s): %s. Valid values: %s"
          .formatted(status, String.join(", ", statuses())));
      }
    }
    if (!List.of("created_at", "execution_duration").contains(param(ctx, "sort_by").orElse("created_at"))) {
      return Optional.of("sort_by must be one of: created_at, execution_duration");
    }
    if (!List.of("asc", "desc").contains(param(ctx, "sort_order").orElse("desc"))) {
      return Optional.of("sort_order must be one of: asc, desc");
    }
    if (!param(ctx, "limit").orElse("1").matches("0*[1-9]\\d{0,8}")) {
      return Optional.of("limit must be a positive integer");
    }
    return param(ctx, "offset").orElse("0").matches("-?\\d{1,9}")
      ? Optional.empty() : Optional.of("offset must be an integer");
  }

  private List<String> statuses() {
    return version.tellsCancelledFromFailed()
      ? List.of("pending", "in_progress", "completed", "failed", "cancelled")
      : List.of("pending", "in_progress", "completed", "failed");
  }

  private static void sort(List<JsonObject> found, String by, String order) {
    Comparator<JsonObject> comparator = by.equals("created_at")
      ? Comparator.comparing(job -> job.getLong("create_time"))
      : Comparator.comparing(job -> job.getLong("execution_end_time", 0L) - job.getLong("execution_start_time", 0L));
    if (order.equals("desc")) {
      Collections.reverse(found);
    }
    found.sort(order.equals("asc") ? comparator : comparator.reversed());
  }

  private void find(RoutingContext ctx) {
    jobs.find(ctx.pathParam("id")).ifPresentOrElse(
      job -> SimulatorRoutes.answer(ctx, job),
      () -> SimulatorRoutes.answer(ctx, 404, JsonObject.of("error", "Job not found")));
  }

  private void cancelMany(RoutingContext ctx) {
    jobIds(ctx).ifPresent(ids -> cancelAll(ctx, ids));
  }

  private void cancelAll(RoutingContext ctx, JsonArray ids) {
    List<String> invalid = ids.stream()
      .filter(id -> !(id instanceof String text && QueuedPrompt.isCanonical(text)))
      .map(id -> id instanceof String text ? text : Json.encode(id)).toList();
    if (!invalid.isEmpty()) {
      SimulatorRoutes.answer(ctx, 400,
        JsonObject.of("error", "job_ids contains invalid id(s)", "invalid_ids", new JsonArray(invalid)));
      return;
    }
    boolean any = false;
    for (Object id : ids) {
      any |= cancel(id);
    }
    cancelled(ctx, any);
  }

  /** The list in the body; empty if there is none, which is then answered. */
  private static Optional<JsonArray> jobIds(RoutingContext ctx) {
    try {
      Object body = Json.decodeValue(ctx.body().buffer() == null ? Buffer.buffer() : ctx.body().buffer());
      if (body instanceof JsonObject object && object.getValue("job_ids") instanceof JsonArray ids) {
        return Optional.of(ids);
      }
      SimulatorRoutes.answer(ctx, 400, JsonObject.of("error", "job_ids must be a list"));
    } catch (DecodeException notJson) {
      SimulatorRoutes.answer(ctx, 400, JsonObject.of("error", "Request body must be valid JSON"));
    }
    return Optional.empty();
  }

  private boolean cancel(Object id) {
    boolean isRunning = queue.isRunning(id);
    boolean isPending = queue.isPending(id);
    if (isRunning) {
      worker.interrupt();
    } else if (isPending) {
      queue.delete(id);
    }
    return isRunning || isPending;
  }

  private static void cancelled(RoutingContext ctx, boolean cancelled) {
    SimulatorRoutes.answer(ctx, JsonObject.of("cancelled", cancelled));
  }

  private static Optional<String> param(RoutingContext ctx, String name) {
    return ctx.queryParam(name).stream().findFirst().filter(value -> !value.isEmpty());
  }

  /** The queue and the history as jobs, for newer pages. */
  static final class JobList {

    private final ComfyVersion version;
    private final PromptQueue queue;

    JobList(ComfyVersion version, PromptQueue queue) {
      this.version = version;
      this.queue = queue;
    }

    /** All jobs. Raises, as ComfyUI does, if a single prompt among them has a workflow that is not an object. */
    List<JsonObject> all() {
      List<JsonObject> jobs = new ArrayList<>();
      queue.running().ifPresent(prompt -> jobs.add(job(prompt.toJson(), "in_progress")));
      queue.pending().forEach(prompt -> jobs.add(job(prompt.toJson(), "pending")));
      queue.history().entries().forEach(entry -> jobs.add(ended(entry)));
      return jobs;
    }

    /** A job with its outputs and its workflow; one that has not ended has neither. */
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
}
