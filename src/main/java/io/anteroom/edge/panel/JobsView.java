package io.anteroom.edge.panel;

import io.anteroom.bus.SubmissionServices.Workflow;
import io.anteroom.comfy.PanelClient;
import io.anteroom.comfy.PanelClient.Jobs;
import io.anteroom.directory.Instance;
import io.anteroom.edge.panel.UserTasks.OwnTasks;
import io.anteroom.edge.proxy.InstanceRoutes.Visit;
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
  private static final Jobs AWAY = new Jobs(503, new JsonObject());

  private final UserTasks desk;
  private final RunInstances places;
  private final PanelClient instances;

  JobsView(UserTasks desk, RunInstances places, PanelClient instances) {
    this.desk = desk;
    this.places = places;
    this.instances = instances;
  }

  /**
   * The student's jobs; with the instance's own status when it does not take the question, as one that is too old for
   * jobs does not. An instance that is away only leaves out what it alone knows.
   */
  Future<Jobs> list(Visit visit, MultiMap parameters) {
    JobQuery query = JobQuery.of(parameters);
    return desk.all(visit.user()).compose(own -> {
      Map<Instance, Future<Jobs>> theirs = new HashMap<>();
      String asked = query.forInstance(visit.shared());
      places.of(visit, own).forEach(place -> theirs.put(place,
        read(visit, place, instances.jobs(visit.account(), place, asked))));
      return Future.all(List.copyOf(theirs.values())).map(read -> {
        Jobs home = theirs.get(visit.home()).result();
        return refuses(home) ? home : new Jobs(200, merged(visit, own, query, theirs));
      });
    });
  }

  /** One job, with its workflow; 404 when it is not the student's. */
  Future<Jobs> one(Visit visit, String id) {
    return desk.one(visit.user(), id).compose(known -> known
      .map(task -> task.isWithdrawn() ? Future.succeededFuture(notFound()) : task(visit, task))
      .orElseGet(() -> visit.shared() ? Future.succeededFuture(notFound())
        : instances.job(visit.account(), visit.home(), id)));
  }

  /** A refusal is the reader's to know: what they asked for is too much at the moment. */
  private static Future<Jobs> read(Visit visit, Instance place, Future<Jobs> answer) {
    return answer.onSuccess(jobs -> {
      if (jobs.status() >= 500) {
        visit.leftOut().accept(place);
      }
    }).recover(failure -> {
      if (failure instanceof ApiException) {
        return Future.failedFuture(failure);
      }
      visit.leftOut().accept(place);
      return Future.succeededFuture(AWAY);
    });
  }

  private static boolean refuses(Jobs answer) {
    return answer.status() >= 400 && answer.status() < 500;
  }

  private static JsonObject merged(Visit visit, OwnTasks own, JobQuery query, Map<Instance, Future<Jobs>> theirs) {
    Map<String, JsonObject> byId = new HashMap<>();
    theirs.values().forEach(read -> jobs(read.result()).forEach(job -> byId.put(job.getString("id"), job)));
    Stream<JsonObject> others = visit.shared() ? Stream.of()
      : jobs(theirs.get(visit.home()).result()).filter(job -> !own.knows(job.getString("id")));
    Stream<JsonObject> mine = Stream.of(own.running(), own.waiting(), own.ended()).flatMap(List::stream)
      .map(task -> new JobJson(task, Optional.ofNullable(byId.get(task.id().value()))).listed());
    List<JsonObject> all = query.sorted(Stream.concat(mine, others).filter(query::takes).toList());
    return JobJson.page(new JsonArray(query.part(all)), query, all.size());
  }

  /** Those that the page can read: one bad job among them and it shows none at all. */
  private static Stream<JsonObject> jobs(Jobs answer) {
    JsonArray jobs = answer.body().getValue("jobs") instanceof JsonArray list ? list : new JsonArray();
    return jobs.stream()
      .filter(JsonObject.class::isInstance)
      .map(JsonObject.class::cast)
      .filter(job -> job.getValue("id") instanceof String && job.getValue("status") instanceof String
        && job.getValue("create_time") instanceof Number);
  }

  private Future<Jobs> task(Visit visit, TaskStatus task) {
    Future<Jobs> theirs = task.state() == TaskState.QUEUED ? Future.succeededFuture(AWAY)
      : task(visit, places.of(visit, task), task);
    return theirs.compose(answer -> {
      Optional<JsonObject> found = Optional.of(answer).filter(Jobs::isThere).map(Jobs::body);
      return workflow(visit, task, found).map(workflow -> new Jobs(200, new JobJson(task, found).whole(workflow)));
    });
  }

  private Future<Jobs> task(Visit visit, Instance place, TaskStatus task) {
    return read(visit, place, instances.job(visit.account(), place, task.id().value()));
  }

  /** What was submitted, where the instance does not tell it. */
  private Future<JsonObject> workflow(Visit visit, TaskStatus task, Optional<JsonObject> theirs) {
    return theirs.filter(job -> job.containsKey("workflow")).isPresent() ? Future.succeededFuture(new JsonObject())
      : desk.workflows(visit.user(), List.of(task.id())).map(found ->
        JobJson.workflow(visit, task, found.getOrDefault(task.id(), Workflow.none(task.id()))));
  }

  private static Jobs notFound() {
    return new Jobs(404, new JsonObject().put("error", "Job not found"));
  }
}
