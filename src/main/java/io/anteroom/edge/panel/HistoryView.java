package io.anteroom.edge.panel;

import io.anteroom.bus.SubmissionServices.Workflow;
import io.anteroom.comfy.PanelClient;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.comfy.json.RawListParser.Item;
import io.anteroom.directory.Instance;
import io.anteroom.edge.panel.UserTasks.OwnTasks;
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /history} and {@code GET /history/{id}}: ended runs, in the order in which they ended. */
final class HistoryView {
  private static final Logger log = LoggerFactory.getLogger(HistoryView.class);

  /** As many as ComfyUI itself keeps. */
  private static final int MAX_ENTRIES = 10_000;
  /** On a shared instance most entries belong to others, and all of them contain their graphs. */
  private static final int MAX_SHARED_ENTRIES = 256;
  private static final Buffer NOTHING = Buffer.buffer("{}");

  private final UserTasks tasks;
  private final RunInstances runInstances;
  private final PanelClient client;

  HistoryView(UserTasks tasks, RunInstances runInstances, PanelClient client) {
    this.tasks = tasks;
    this.runInstances = runInstances;
    this.client = client;
  }

  /** A part of the list: {@code offset} counts from the oldest; without one it is the latest {@code max}. */
  record Part(Optional<Integer> max, Optional<Integer> offset) {
    private <T> Stream<T> of(List<T> all) {
      int start = offset.orElseGet(() -> max.map(count -> Math.max(0, all.size() - count)).orElse(0));
      return all.stream().skip(start).limit(max.orElse(all.size()));
    }

    private int needed(RequestContext context) {
      return context.shared() ? MAX_SHARED_ENTRIES : max.filter(count -> offset.isEmpty()).orElse(MAX_ENTRIES);
    }
  }

  /** {@code {id: entry, …}}, oldest first. */
  Future<Buffer> list(RequestContext context, Part part) {
    return tasks.all(context.user()).compose(own -> {
      Map<Instance, Future<List<Item>>> fromInstances = new HashMap<>();
      runInstances.of(context, own).forEach(instance ->
        fromInstances.put(instance, read(context, instance, part.needed(context))));
      return Future.all(List.copyOf(fromInstances.values()))
        .compose(read -> write(context, part.of(entries(context, own, fromInstances)).toList()));
    });
  }

  /** One entry: of a task of the queue, or of a run that only the instance knows. */
  private record Entry(String id, Optional<TaskStatus> task, Optional<Item> item) {
    private boolean isMissing() {
      return task.isPresent() && item.isEmpty();
    }
  }

  /** Reads the workflows of entries that no instance has, the latest first, as far as they fit. */
  private Future<Buffer> write(RequestContext context, List<Entry> entries) {
    List<TaskId> missing = new ArrayList<>(
      entries.stream().filter(Entry::isMissing).map(entry -> new TaskId(entry.id())).toList());
    Collections.reverse(missing);
    return tasks.workflows(context.user(), missing).map(workflows -> RawJson.object(entries.stream().map(entry ->
      Map.entry(entry.id(), entry.task()
        .map(task -> text(task, entry.item(), workflows))
        .orElseGet(() -> entry.item().orElseThrow().text())))));
  }

  /** {@code {id: entry}}, or an empty object. The instance knows of an end at once, the queue a moment later. */
  Future<Buffer> one(RequestContext context, String id) {
    return tasks.one(context.user(), id).compose(known -> {
      if (known.isEmpty()) {
        return context.shared() ? Future.succeededFuture(NOTHING) : entry(context, context.home(), id).map(found ->
          found.map(item -> object(id, item.text())).orElse(NOTHING));
      }
      TaskStatus task = known.get();
      return task.state() == TaskState.QUEUED || task.isWithdrawn() ? Future.succeededFuture(NOTHING)
        : entry(context, runInstances.of(context, task), task.id().value())
          .compose(found -> write(context, task, found));
    });
  }

  private Future<Buffer> write(RequestContext context, TaskStatus task, Optional<Item> item) {
    return item.isEmpty() && !task.state().isFinal() ? Future.succeededFuture(NOTHING)
      : write(context, List.of(new Entry(task.id().value(), Optional.of(task), item)));
  }

  private Future<List<Item>> read(RequestContext context, Instance instance, int max) {
    return client.history(context.account(), instance, max)
      .recover(failure -> withoutInstance(context, instance, failure));
  }

  private Future<Optional<Item>> entry(RequestContext context, Instance instance, String id) {
    return client.entry(context.account(), instance, id).recover(failure -> withoutInstance(context, instance, failure))
      .map(found -> found.stream().filter(item -> item.id().equals(id)).findFirst());
  }

  /** An {@code ApiException} goes to the client: the response is too large at the moment. */
  private static Future<List<Item>> withoutInstance(RequestContext context, Instance instance, Throwable failure) {
    if (failure instanceof ApiException) {
      return Future.failedFuture(failure);
    }
    log.debug("A history is sent without an instance: instance={} cause={}", instance.name(), failure.getMessage());
    context.leftOut().accept(instance);
    return Future.succeededFuture(List.of());
  }

  /** First the runs of the student's own instance outside of the queue, then the tasks in the order of their ends. */
  private static List<Entry> entries(RequestContext context, OwnTasks own,
      Map<Instance, Future<List<Item>>> fromInstances) {
    Map<String, Item> byId = new HashMap<>();
    fromInstances.values().forEach(read -> read.result().forEach(item -> byId.put(item.id(), item)));
    Stream<Entry> others = context.shared() ? Stream.of()
      : fromInstances.get(context.home()).result().stream()
        .filter(item -> !own.knows(item.id()))
        .map(item -> new Entry(item.id(), Optional.empty(), Optional.of(item)));
    return Stream.concat(others, own.ended().stream().map(task ->
      new Entry(task.id().value(), Optional.of(task), Optional.ofNullable(byId.get(task.id().value()))))).toList();
  }

  private static Buffer text(TaskStatus task, Optional<Item> item, Map<TaskId, Workflow> workflows) {
    return item.map(found -> task.state() == TaskState.TIMED_OUT
        ? withStatus(found.numbered(task.number()), new EndedTaskJson(task).status())
        : found.numbered(task.number()))
      .orElseGet(() -> new EndedTaskJson(task).entry(workflows.getOrDefault(task.id(), Workflow.none(task.id()))));
  }

  /** The entry with another status, and everything else unchanged. */
  private static Buffer withStatus(Buffer entry, JsonObject status) {
    Map<String, String> members = new LinkedHashMap<>(PythonJson.members(entry.toString()));
    members.put("status", status.encode());
    return RawJson.object(members.entrySet().stream().map(member ->
      Map.entry(member.getKey(), Buffer.buffer(member.getValue()))));
  }

  private static Buffer object(String id, Buffer entry) {
    return RawJson.object(Stream.of(Map.entry(id, entry)));
  }
}
