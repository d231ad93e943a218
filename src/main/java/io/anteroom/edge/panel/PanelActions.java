package io.anteroom.edge.panel;

import io.anteroom.comfy.PanelClient;
import io.anteroom.comfy.json.RawListParser.Item;
import io.anteroom.directory.Instance;
import io.anteroom.edge.panel.UserTasks.OwnTasks;
import io.anteroom.edge.proxy.InstanceRoutes.Visit;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Clears, deletes, interrupts and cancels for a student: only ever his own, and always through the queue.
 *
 * <p>What only his own instance knows, because it did not come through the queue, is left to that instance; on a shared
 * one it is somebody else's and left alone.
 */
final class PanelActions {
  /** What can be put into an instance's address as it is. */
  private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  /** As many as ComfyUI keeps. */
  private static final int ALL = 10_000;

  private final UserTasks desk;
  private final RunInstances places;
  private final PanelClient instances;

  PanelActions(UserTasks desk, RunInstances places, PanelClient instances) {
    this.desk = desk;
    this.places = places;
    this.instances = instances;
  }

  /** {@code POST /queue}: takes waiting runs out, these or all; one that runs goes on, as at ComfyUI. */
  Future<Void> changeQueue(Visit visit, boolean clear, List<String> ids) {
    return desk.all(visit.user()).compose(own -> {
      Set<TaskId> waiting = new HashSet<>(parsed(ids));
      if (clear) {
        own.waiting().forEach(task -> waiting.add(task.id()));
      }
      return desk.withdraw(visit.user(), waiting)
        .compose(done -> onOwnInstance(visit, own, ids).isEmpty() ? Future.succeededFuture()
          : instances.deleteFromQueue(visit.home(), onOwnInstance(visit, own, ids)));
    });
  }

  /** {@code POST /interrupt}: stops this run, or whatever of the student's runs; one that waits leaves the queue. */
  Future<Void> interrupt(Visit visit, Optional<String> id) {
    return desk.all(visit.user()).compose(own -> {
      List<TaskId> mine = id.isPresent() ? parsed(List.of(id.get()))
        : own.running().stream().map(TaskStatus::id).toList();
      List<String> others = onOwnInstance(visit, own, id.stream().toList());
      return desk.cancel(visit.user(), mine)
        .compose(done -> others.isEmpty() ? Future.succeededFuture()
          : instances.interrupt(visit.home(), others.get(0)));
    });
  }

  /** {@code POST /history}: forgets ended runs, these or all, here and at their instances. */
  Future<Void> changeHistory(Visit visit, boolean clear, List<String> ids) {
    return desk.all(visit.user()).compose(own -> {
      Set<String> wanted = new HashSet<>(ids);
      List<TaskStatus> ended = own.all().stream()
        .filter(task -> task.state().isFinal())
        .filter(task -> clear || wanted.contains(task.id().value())).toList();
      return desk.forget(visit.user(), ended.stream().map(TaskStatus::id).toList())
        .compose(done -> forgetAtInstances(visit, ended))
        .compose(done -> forgetOthers(visit, own, clear, ids));
    });
  }

  /** {@code POST /api/jobs/cancel}: whether there was anything to cancel. */
  Future<Boolean> cancel(Visit visit, List<String> ids) {
    return desk.all(visit.user()).compose(own -> {
      List<String> others = onOwnInstance(visit, own, ids);
      return desk.cancel(visit.user(), unended(own, ids)).compose(cancelled -> others.isEmpty()
        ? Future.succeededFuture(cancelled)
        : instances.deleteFromQueue(visit.home(), others)
          .compose(done -> instances.interrupt(visit.home(), others.get(0)))
          .map(cancelled));
    });
  }

  private Future<Void> forgetAtInstances(Visit visit, List<TaskStatus> ended) {
    List<Future<Void>> answers = new ArrayList<>();
    for (Instance place : ended.stream().map(task -> places.of(visit, task)).distinct().toList()) {
      answers.add(instances.deleteFromHistory(place, ended.stream()
        .filter(task -> places.of(visit, task).equals(place)).map(task -> task.id().value()).toList()));
    }
    return Future.join(answers).<Void>mapEmpty().otherwiseEmpty();
  }

  /** Never {@code clear}: a run that ends in this moment would look lost, and run again. */
  private Future<Void> forgetOthers(Visit visit, OwnTasks own, boolean clear, List<String> ids) {
    if (!clear || visit.shared()) {
      return instances.deleteFromHistory(visit.home(), onOwnInstance(visit, own, ids)).otherwiseEmpty();
    }
    return instances.history(visit.account(), visit.home(), ALL)
      .compose(entries -> instances.deleteFromHistory(visit.home(),
        onOwnInstance(visit, own, entries.stream().map(Item::id).toList())))
      .recover(failure -> failure instanceof ApiException ? Future.failedFuture(failure) : Future.succeededFuture());
  }

  private static List<String> onOwnInstance(Visit visit, OwnTasks own, List<String> ids) {
    return visit.shared() ? List.of()
      : ids.stream().filter(id -> PLAIN_ID.matcher(id).matches() && !own.knows(id)).toList();
  }

  private static List<TaskId> unended(OwnTasks own, List<String> ids) {
    return parsed(ids).stream()
      .filter(id -> own.find(id.value()).filter(task -> task.state().isFinal()).isEmpty()).toList();
  }

  private static List<TaskId> parsed(List<String> ids) {
    return ids.stream().flatMap(id -> TaskId.parse(id).stream()).distinct().toList();
  }
}
