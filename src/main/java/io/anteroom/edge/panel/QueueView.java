package io.anteroom.edge.panel;

import io.anteroom.bus.SubmissionServices.Workflow;
import io.anteroom.comfy.PanelClient;
import io.anteroom.comfy.json.RawListParser.Item;
import io.anteroom.edge.panel.UserTasks.OwnTasks;
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /queue} and {@code GET /prompt}: running and waiting runs, at whichever instance. */
final class QueueView {
  private static final Logger log = LoggerFactory.getLogger(QueueView.class);

  private final UserTasks tasks;
  private final PanelClient client;

  QueueView(UserTasks tasks, PanelClient client) {
    this.tasks = tasks;
    this.client = client;
  }

  /** {@code {"queue_running":[…],"queue_pending":[…]}}. */
  Future<Buffer> list(RequestContext context) {
    return tasks.all(context.user()).compose(own -> {
      Future<Map<TaskId, Workflow>> workflows = tasks.workflows(context.user(), own.unended());
      Future<List<Item>> others = othersOnOwnInstance(context, own);
      return Future.all(workflows, others).map(read -> write(own, workflows.result(), others.result()));
    });
  }

  Future<JsonObject> remaining(RequestContext context) {
    return tasks.all(context.user()).map(own -> new JsonObject()
      .put("exec_info", new JsonObject().put("queue_remaining", own.unended().size())));
  }

  /** Runs outside of the queue on the student's own instance; empty when it does not answer. */
  private Future<List<Item>> othersOnOwnInstance(RequestContext context, OwnTasks own) {
    return context.shared() ? Future.succeededFuture(List.of()) : client.queue(context.account(), context.home())
      .map(items -> items.stream().filter(item -> !own.knows(item.id())).toList())
      .recover(failure -> {
        if (failure instanceof ApiException) {
          return Future.failedFuture(failure);
        }
        log.debug("The queue is sent without the instance: instance={} cause={}", context.home().name(),
          failure.getMessage());
        context.leftOut().accept(context.home());
        return Future.succeededFuture(List.of());
      });
  }

  private static Buffer write(OwnTasks own, Map<TaskId, Workflow> workflows, List<Item> others) {
    return Buffer.buffer("{\"queue_running\":")
      .appendBuffer(RawJson.list(Stream.concat(tuples(own.running(), workflows), texts(others, true))))
      .appendString(",\"queue_pending\":")
      .appendBuffer(RawJson.list(Stream.concat(tuples(own.waiting(), workflows), texts(others, false))))
      .appendString("}");
  }

  private static Stream<Buffer> tuples(List<TaskStatus> tasks, Map<TaskId, Workflow> workflows) {
    return tasks.stream().map(task ->
      tuple(task, workflows.getOrDefault(task.id(), Workflow.none(task.id()))));
  }

  private static Stream<Buffer> texts(List<Item> others, boolean running) {
    return others.stream().filter(item -> item.running() == running).map(Item::text);
  }

  /**
   * {@code [number, id, graph, extra_data, outputs to execute]}. An instance computes which outputs; here they are
   * those of the request.
   */
  static Buffer tuple(TaskStatus task, Workflow workflow) {
    return Buffer.buffer("[" + task.number() + ",\"" + task.id() + "\",")
      .appendString(workflow.graph())
      .appendString(",{\"create_time\":" + task.times().submitted().toEpochMilli())
      .appendString(workflow.extra().isEmpty() ? "" : ",")
      .appendString(workflow.extra())
      .appendString("}," + workflow.targets() + "]");
  }
}
