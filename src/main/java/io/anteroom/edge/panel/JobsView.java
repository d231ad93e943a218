package io.anteroom.edge.panel;

import io.anteroom.bus.SubmissionServices.Workflow;
import io.anteroom.comfy.PanelClient;
import io.anteroom.comfy.PanelClient.Jobs;
import io.anteroom.directory.Instance;
import io.anteroom.edge.panel.UserTasks.OwnTasks;
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code GET /api/jobs} and {@code GET /api/jobs/{id}}: the lists of newer pages. */
final class JobsView {
  private static final Jobs UNAVAILABLE = new Jobs(503, new JsonObject());

  private final UserTasks tasks;
  private final RunInstances runInstances;
  private final PanelClient client;

  JobsView(UserTasks tasks, RunInstances runInstances, PanelClient client) {
    this.tasks = tasks;
    this.runInstances = runInstances;
    this.client = client;
  }

  /**
   * The student's jobs; with the instance's own status when it rejects the query, as one that is too old for jobs does.
   * When an instance is down, only what it alone knows is missing.
   */
  Future<Jobs> list(RequestContext context, MultiMap parameters) {
    JobQuery query = JobQuery.of(parameters);
    return tasks.all(context.user()).compose(own -> {
      Map<Instance, Future<Jobs>> fromInstances = new HashMap<>();
      String instanceQuery = query.forInstance(context.shared());
      runInstances.of(context, own).forEach(instance -> fromInstances.put(instance,
        read(context, instance, client.jobs(context.account(), instance, instanceQuery))));
      return Future.all(List.copyOf(fromInstances.values())).map(read -> {
        Jobs home = fromInstances.get(context.home()).result();
        return rejects(home) ? home : new Jobs(200, merged(context, own, query, fromInstances));
      });
    });
  }

  /** One job, with its workflow; 404 when it is not the student's. */
  Future<Jobs> one(RequestContext context, String id) {
    return tasks.one(context.user(), id).compose(known -> known
      .map(task -> task.isWithdrawn() ? Future.succeededFuture(notFound()) : task(context, task))
      .orElseGet(() -> context.shared() ? Future.succeededFuture(notFound())
        : client.job(context.account(), context.home(), id)));
  }

  /** An {@code ApiException} goes to the client: the response is too large at the moment. */
  private static Future<Jobs> read(RequestContext context, Instance instance, Future<Jobs> answer) {
    return answer.onSuccess(jobs -> {
      if (jobs.status() >= 500) {
        context.leftOut().accept(instance);
      }
    }).recover(failure -> {
      if (failure instanceof ApiException) {
        return Future.failedFuture(failure);
      }
      context.leftOut().accept(instance);
      return Future.succeededFuture(UNAVAILABLE);
    });
  }

  private static boolean rejects(Jobs answer) {
    return answer.status() >= 400 && answer.status() < 500;
  }

  private static JsonObject merged(RequestContext context, OwnTasks own, JobQuery query,
      Map<Instance, Future<Jobs>> fromInstances) {
    Map<String, JsonObject> byId = new HashMap<>();
    fromInstances.values().forEach(read -> jobs(read.result()).forEach(job -> byId.put(job.getString("id"), job)));
    Stream<JsonObject> others = context.shared() ? Stream.of()
      : jobs(fromInstances.get(context.home()).result()).filter(job -> !own.knows(job.getString("id")));
    Stream<JsonObject> mine = Stream.of(own.running(), own.waiting(), own.ended()).flatMap(List::stream)
      .map(task -> new JobJson(task, Optional.ofNullable(byId.get(task.id().value()))).listed());
    List<JsonObject> all = query.sorted(Stream.concat(mine, others).filter(query::takes).toList());
    return JobJson.page(new JsonArray(query.part(all)), query, all.size());
  }

  /** Only jobs that the page can read: with one bad job it shows none at all. */
  private static Stream<JsonObject> jobs(Jobs answer) {
    JsonArray jobs = answer.body().getValue("jobs") instanceof JsonArray list ? list : new JsonArray();
    return jobs.stream()
      .filter(JsonObject.class::isInstance)
      .map(JsonObject.class::cast)
      .filter(job -> job.getValue("id") instanceof String && job.getValue("status") instanceof String
        && job.getValue("create_time") instanceof Number);
  }

  private Future<Jobs> task(RequestContext context, TaskStatus task) {
    Future<Jobs> fromInstance = task.state() == TaskState.QUEUED ? Future.succeededFuture(UNAVAILABLE)
      : task(context, runInstances.of(context, task), task);
    return fromInstance.compose(answer -> {
      Optional<JsonObject> found = Optional.of(answer).filter(Jobs::isThere).map(Jobs::body);
      return workflow(context, task, found).map(workflow -> new Jobs(200, new JobJson(task, found).whole(workflow)));
    });
  }

  private Future<Jobs> task(RequestContext context, Instance instance, TaskStatus task) {
    return read(context, instance, client.job(context.account(), instance, task.id().value()));
  }

  /** The submitted workflow, where the instance does not provide it. */
  private Future<JsonObject> workflow(RequestContext context, TaskStatus task, Optional<JsonObject> job) {
    return job.filter(found -> found.containsKey("workflow")).isPresent() ? Future.succeededFuture(new JsonObject())
      : tasks.workflows(context.user(), List.of(task.id())).map(found ->
        JobJson.workflow(context, task, found.getOrDefault(task.id(), Workflow.none(task.id()))));
  }

  private static Jobs notFound() {
    return new Jobs(404, new JsonObject().put("error", "Job not found"));
  }
}
