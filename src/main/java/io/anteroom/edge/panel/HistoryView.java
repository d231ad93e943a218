package io.anteroom.edge.panel;

import io.anteroom.bus.SubmissionServices.Workflow;
import io.anteroom.comfy.PanelClient;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.comfy.json.RawListParser.Item;
import io.anteroom.directory.Instance;
import io.anteroom.edge.panel.UserTasks.OwnTasks;
import io.anteroom.edge.proxy.InstanceRoutes.Visit;
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

/** {@code GET /history} and {@code GET /history/{id}}: what has ended, in the order of the ends. */
final class HistoryView {
  private static final Logger log = LoggerFactory.getLogger(HistoryView.class);

  /** As many as ComfyUI itself keeps. */
  private static final int ALL = 10_000;
  /** On a shared instance most entries are somebody else's, and all of them carry their graphs. */
  private static final int ALL_OF_EVERYBODY = 256;
  private static final Buffer NOTHING = Buffer.buffer("{}");

  private final UserTasks desk;
  private final RunInstances places;
  private final PanelClient instances;

  HistoryView(UserTasks desk, RunInstances places, PanelClient instances) {
    this.desk = desk;
    this.places = places;
    this.instances = instances;
  }

  /** Which part: {@code offset} counts from the oldest; without one it is the latest {@code most}. */
  record Part(Optional<Integer> most, Optional<Integer> offset) {
    private <T> Stream<T> of(List<T> all) {
      int start = offset.orElseGet(() -> most.map(count -> Math.max(0, all.size() - count)).orElse(0));
      return all.stream().skip(start).limit(most.orElse(all.size()));
    }

    private int needed(Visit visit) {
      return visit.shared() ? ALL_OF_EVERYBODY : most.filter(count -> offset.isEmpty()).orElse(ALL);
    }
  }

  /** {@code {id: entry, …}}, oldest first. */
  Future<Buffer> list(Visit visit, Part part) {
    return desk.all(visit.user()).compose(own -> {
      Map<Instance, Future<List<Item>>> theirs = new HashMap<>();
      places.of(visit, own).forEach(place -> theirs.put(place, read(visit, place, part.needed(visit))));
      return Future.all(List.copyOf(theirs.values()))
        .compose(read -> told(visit, part.of(entries(visit, own, theirs)).toList()));
    });
  }

  /** One entry: of a task of the queue, or of what runs at the instance alone. */
  private record Entry(String id, Optional<TaskStatus> task, Optional<Item> theirs) {
    private boolean isOursToTell() {
      return task.isPresent() && theirs.isEmpty();
    }
  }

  /** The workflows of those that no instance has are read, the latest first, as far as they fit. */
  private Future<Buffer> told(Visit visit, List<Entry> entries) {
    List<TaskId> missing = new ArrayList<>(
      entries.stream().filter(Entry::isOursToTell).map(entry -> new TaskId(entry.id())).toList());
    Collections.reverse(missing);
    return desk.workflows(visit.user(), missing).map(workflows -> RawJson.object(entries.stream().map(entry ->
      Map.entry(entry.id(), entry.task()
        .map(task -> text(task, entry.theirs(), workflows))
        .orElseGet(() -> entry.theirs().orElseThrow().text())))));
  }

  /** {@code {id: entry}}, or an empty object. The instance's word counts at once, the queue's a moment later. */
  Future<Buffer> one(Visit visit, String id) {
    return desk.one(visit.user(), id).compose(known -> {
      if (known.isEmpty()) {
        return visit.shared() ? Future.succeededFuture(NOTHING) : entry(visit, visit.home(), id).map(found ->
          found.map(item -> object(id, item.text())).orElse(NOTHING));
      }
      TaskStatus task = known.get();
      return task.state() == TaskState.QUEUED || task.isWithdrawn() ? Future.succeededFuture(NOTHING)
        : entry(visit, places.of(visit, task), task.id().value()).compose(found -> told(visit, task, found));
    });
  }

  private Future<Buffer> told(Visit visit, TaskStatus task, Optional<Item> theirs) {
    return theirs.isEmpty() && !task.state().isFinal() ? Future.succeededFuture(NOTHING)
      : told(visit, List.of(new Entry(task.id().value(), Optional.of(task), theirs)));
  }

  private Future<List<Item>> read(Visit visit, Instance place, int most) {
    return instances.history(visit.account(), place, most).recover(failure -> withoutInstance(visit, place, failure));
  }

  private Future<Optional<Item>> entry(Visit visit, Instance place, String id) {
    return instances.entry(visit.account(), place, id).recover(failure -> withoutInstance(visit, place, failure))
      .map(found -> found.stream().filter(item -> item.id().equals(id)).findFirst());
  }

  /** A refusal is the reader's to know: what they asked for is too much at the moment. */
  private static Future<List<Item>> withoutInstance(Visit visit, Instance place, Throwable failure) {
    if (failure instanceof ApiException) {
      return Future.failedFuture(failure);
    }
    log.debug("A history is told without an instance: instance={} cause={}", place.name(), failure.getMessage());
    visit.leftOut().accept(place);
    return Future.succeededFuture(List.of());
  }

  /** What the student's own instance ran without the queue comes first, then his tasks in the order of their ends. */
  private static List<Entry> entries(Visit visit, OwnTasks own, Map<Instance, Future<List<Item>>> theirs) {
    Map<String, Item> byId = new HashMap<>();
    theirs.values().forEach(read -> read.result().forEach(item -> byId.put(item.id(), item)));
    Stream<Entry> others = visit.shared() ? Stream.of()
      : theirs.get(visit.home()).result().stream()
        .filter(item -> !own.knows(item.id()))
        .map(item -> new Entry(item.id(), Optional.empty(), Optional.of(item)));
    return Stream.concat(others, own.ended().stream().map(task ->
      new Entry(task.id().value(), Optional.of(task), Optional.ofNullable(byId.get(task.id().value()))))).toList();
  }

  private static Buffer text(TaskStatus task, Optional<Item> theirs, Map<TaskId, Workflow> workflows) {
    return theirs.map(item -> task.state() == TaskState.TIMED_OUT
        ? withStatus(item.numbered(task.number()), new EndedTaskJson(task).status())
        : item.numbered(task.number()))
      .orElseGet(() -> new EndedTaskJson(task).entry(workflows.getOrDefault(task.id(), Workflow.none(task.id()))));
  }

  /** The entry with another status, and everything else in it as the instance wrote it. */
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
