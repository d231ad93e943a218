package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.execution.PromptQueue;
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

  public void addTo(Routes routes) {
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
      Routes.answer(ctx, 400, JsonObject.of("error", complaint.get()));
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
    Routes.answer(ctx, JsonObject.of("jobs", new JsonArray(page), "pagination", JsonObject.of("offset", offset,
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
      job -> Routes.answer(ctx, job),
      () -> Routes.answer(ctx, 404, JsonObject.of("error", "Job not found")));
  }

  private void cancelMany(RoutingContext ctx) {
    jobIds(ctx).ifPresent(ids -> cancelAll(ctx, ids));
  }

  private void cancelAll(RoutingContext ctx, JsonArray ids) {
    List<String> invalid = ids.stream()
      .filter(id -> !(id instanceof String text && SubmitRoute.isCanonical(text)))
      .map(id -> id instanceof String text ? text : Json.encode(id)).toList();
    if (!invalid.isEmpty()) {
      Routes.answer(ctx, 400,
        JsonObject.of("error", "job_ids contains invalid id(s)", "invalid_ids", new JsonArray(invalid)));
      return;
    }
    boolean any = false;
    for (Object id : ids) {
      any |= cancel(id);
    }
    cancelled(ctx, any);
  }

  /** The list of the body; empty when there was none, and this was answered. */
  private static Optional<JsonArray> jobIds(RoutingContext ctx) {
    try {
      Object body = Json.decodeValue(ctx.body().buffer() == null ? Buffer.buffer() : ctx.body().buffer());
      if (body instanceof JsonObject object && object.getValue("job_ids") instanceof JsonArray ids) {
        return Optional.of(ids);
      }
      Routes.answer(ctx, 400, JsonObject.of("error", "job_ids must be a list"));
    } catch (DecodeException notJson) {
      Routes.answer(ctx, 400, JsonObject.of("error", "Request body must be valid JSON"));
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
    Routes.answer(ctx, JsonObject.of("cancelled", cancelled));
  }

  private static Optional<String> param(RoutingContext ctx, String name) {
    return ctx.queryParam(name).stream().findFirst().filter(value -> !value.isEmpty());
  }
}
