package io.anteroom.edge.panel;

import io.anteroom.bus.SubmissionServices.Workflow;
import io.anteroom.comfy.ComfyMessages.ExecutionError;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.edge.proxy.InstanceRoutes.Visit;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** A task as a job, the form in which newer pages ask; a job of the instance is taken where there is one. */
final class JobJson {
  static final String PENDING = "pending";
  static final String CANCELLED = "cancelled";
  static final String FAILED = "failed";

  private final TaskStatus task;
  private final Optional<JsonObject> theirs;

  /** @param theirs the same run as its instance tells of it */
  JobJson(TaskStatus task, Optional<JsonObject> theirs) {
    this.task = task;
    this.theirs = theirs;
  }

  /** As it stands in the list. The page counts its times from the student's Run, not from the start at the instance. */
  JsonObject listed() {
    if (!task.state().isFinal()) {
      return common(waiting()).put("outputs_count", 0);
    }
    return theirs.map(job -> inOurWords(job.copy())).orElseGet(this::ended);
  }

  /**
   * As it stands alone, with workflow and outputs; here the instance's word counts at once, the queue's a moment later.
   *
   * @param workflow {@code {prompt,extra_data}}
   */
  JsonObject whole(JsonObject workflow) {
    JsonObject job = theirs.map(found -> inOurWords(found.copy())).orElseGet(this::listed);
    if (task.state().isFinal() && theirs.isEmpty()) {
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

  /** What the instance calls interrupted may be a run whose time was up. */
  private JsonObject inOurWords(JsonObject job) {
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

  /** A workflow as {@link #whole} wants it. */
  static JsonObject workflow(Visit visit, TaskStatus task, Workflow workflow) {
    JsonObject extra = read(visit, "{" + workflow.extra() + "}")
      .put("create_time", task.times().submitted().toEpochMilli());
    return new JsonObject().put("prompt", read(visit, workflow.graph())).put("extra_data", extra);
  }

  private static JsonObject read(Visit visit, String text) {
    return PythonJson.object(Buffer.buffer(text), visit.account());
  }

  /** A list of jobs as it is answered. {@code limit} is null only when none was asked for, as ComfyUI does. */
  static JsonObject page(JsonArray jobs, JobQuery query, int total) {
    return new JsonObject().put("jobs", jobs).put("pagination", new JsonObject()
      .put("offset", query.offset()).put("limit", query.limit().orElse(null)).put("total", total)
      .put("has_more", query.offset() + jobs.size() < total));
  }
}
