package io.anteroom.edge.panel;

import io.anteroom.bus.SubmissionServices.Workflow;
import io.anteroom.comfy.ComfyMessages.ExecutionError;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Writes a task as a job, the format of newer pages; uses the job of the instance where there is one. */
final class JobJson {
  static final String PENDING = "pending";
  static final String CANCELLED = "cancelled";
  static final String FAILED = "failed";

  private final TaskStatus task;
  private final Optional<JsonObject> fromInstance;

  /** @param fromInstance the same run as its instance describes it */
  JobJson(TaskStatus task, Optional<JsonObject> fromInstance) {
    this.task = task;
    this.fromInstance = fromInstance;
  }

  /** As an element of the list. The page counts times from the student's Run, not from the start at the instance. */
  JsonObject listed() {
    if (!task.state().isFinal()) {
      return common(waiting()).put("outputs_count", 0);
    }
    return fromInstance.map(job -> corrected(job.copy())).orElseGet(this::ended);
  }

  /**
   * On its own, with workflow and outputs; here the instance knows of an end at once, the queue a moment later.
   *
   * @param workflow {@code {prompt,extra_data}}
   */
  JsonObject whole(JsonObject workflow) {
    JsonObject job = fromInstance.map(found -> corrected(found.copy())).orElseGet(this::listed);
    if (task.state().isFinal() && fromInstance.isEmpty()) {
      EndedTaskJson ended = new EndedTaskJson(task);
      job.put("outputs", ended.outputs()).put("execution_status", ended.status());
    }
    return job.containsKey("workflow") ? job : job.put("workflow", workflow);
  }

  private String waiting() {
    return task.state() == TaskState.QUEUED ? PENDING : "in_progress";
  }

  private JsonObject common(String status) {
    JsonObject job = new JsonObject().put("id", task.id().value()).put("status", status);
    task.times().started().ifPresent(at -> job.put("execution_start_time", at.toEpochMilli()));
    return times(job);
  }

  private JsonObject times(JsonObject job) {
    return job.put("priority", task.number()).put("create_time", task.times().submitted().toEpochMilli());
  }

  /** A run that the instance calls interrupted may have timed out. */
  private JsonObject corrected(JsonObject job) {
    if (task.state() == TaskState.TIMED_OUT) {
      job.put("status", FAILED).put("execution_error", ExecutionError.of(task));
      if (job.containsKey("execution_status")) {
        job.put("execution_status", new EndedTaskJson(task).status());
      }
    }
    return times(job);
  }

  private JsonObject ended() {
    EndedTaskJson ended = new EndedTaskJson(task);
    JsonObject job = common(switch (task.state()) {
      case COMPLETED -> "completed";
      case CANCELLED -> CANCELLED;
      default -> FAILED;
    });
    task.times().finished().ifPresent(at -> job.put("execution_end_time", at.toEpochMilli()));
    if (FAILED.equals(job.getString("status"))) {
      job.put("execution_error", ExecutionError.of(task));
    }
    ended.putOutputs(job);
    return job;
  }

  /** A workflow in the form that {@link #whole} needs. */
  static JsonObject workflow(RequestContext context, TaskStatus task, Workflow workflow) {
    JsonObject extra = read(context, "{" + workflow.extra() + "}")
      .put("create_time", task.times().submitted().toEpochMilli());
    return new JsonObject().put("prompt", read(context, workflow.graph())).put("extra_data", extra);
  }

  private static JsonObject read(RequestContext context, String text) {
    return PythonJson.object(Buffer.buffer(text), context.account());
  }

  /** The response with a list of jobs. {@code limit} is null only when the request had none, as at ComfyUI. */
  static JsonObject page(JsonArray jobs, JobQuery query, int total) {
    return new JsonObject().put("jobs", jobs).put("pagination", new JsonObject()
      .put("offset", query.offset()).put("limit", query.limit().orElse(null)).put("total", total)
      .put("has_more", query.offset() + jobs.size() < total));
  }
}
