package io.anteroom.edge.panel;

import io.anteroom.comfy.PanelClient;
import io.anteroom.comfy.json.RawListParser.Item;
import io.anteroom.directory.Instance;
import io.anteroom.edge.panel.UserTasks.OwnTasks;
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
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
 * Clears, deletes, interrupts and cancels a student's own tasks, always through the queue.
 *
 * <p>Runs outside of the queue, which only the student's own instance knows, are left to that instance; on a shared
 * instance these belong to others and are not touched.
 */
final class PanelActions {
  /** Ids that can be part of an instance's address without encoding. */
  private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  /** As many as ComfyUI keeps. */
  private static final int MAX_ENTRIES = 10_000;

  private final UserTasks tasks;
  private final RunInstances runInstances;
  private final PanelClient client;

  PanelActions(UserTasks tasks, RunInstances runInstances, PanelClient client) {
    this.tasks = tasks;
    this.runInstances = runInstances;
    this.client = client;
  }

  /** {@code POST /queue}: removes waiting runs, these or all; a running one continues, as at ComfyUI. */
  Future<Void> changeQueue(RequestContext context, boolean clear, List<String> ids) {
    return tasks.all(context.user()).compose(own -> {
      Set<TaskId> waiting = new HashSet<>(parsed(ids));
      if (clear) {
        own.waiting().forEach(task -> waiting.add(task.id()));
      }
      return tasks.withdraw(context.user(), waiting)
        .compose(done -> onOwnInstance(context, own, ids).isEmpty() ? Future.succeededFuture()
          : client.deleteFromQueue(context.home(), onOwnInstance(context, own, ids)));
    });
  }

  /** {@code POST /interrupt}: stops this run, or all running ones of the student; a waiting one leaves the queue. */
  Future<Void> interrupt(RequestContext context, Optional<String> id) {
    return tasks.all(context.user()).compose(own -> {
      List<TaskId> running = id.isPresent() ? parsed(List.of(id.get()))
        : own.running().stream().map(TaskStatus::id).toList();
      List<String> others = onOwnInstance(context, own, id.stream().toList());
      return tasks.cancel(context.user(), running)
        .compose(done -> others.isEmpty() ? Future.succeededFuture()
          : client.interrupt(context.home(), others.get(0)));
    });
  }

  /** {@code POST /history}: deletes ended runs, these or all, here and at their instances. */
  Future<Void> changeHistory(RequestContext context, boolean clear, List<String> ids) {
    return tasks.all(context.user()).compose(own -> {
      Set<String> requested = new HashSet<>(ids);
      List<TaskStatus> ended = own.all().stream()
        .filter(task -> task.state().isFinal())
        .filter(task -> clear || requested.contains(task.id().value())).toList();
      return tasks.forget(context.user(), ended.stream().map(TaskStatus::id).toList())
        .compose(done -> forgetAtInstances(context, ended))
        .compose(done -> forgetOthers(context, own, clear, ids));
    });
  }

  /** {@code POST /api/jobs/cancel}: whether there was anything to cancel. */
  Future<Boolean> cancel(RequestContext context, List<String> ids) {
    return tasks.all(context.user()).compose(own -> {
      List<String> others = onOwnInstance(context, own, ids);
      return tasks.cancel(context.user(), unended(own, ids)).compose(cancelled -> others.isEmpty()
        ? Future.succeededFuture(cancelled)
        : client.deleteFromQueue(context.home(), others)
          .compose(done -> client.interrupt(context.home(), others.get(0)))
          .map(cancelled));
    });
  }

  private Future<Void> forgetAtInstances(RequestContext context, List<TaskStatus> ended) {
    List<Future<Void>> answers = new ArrayList<>();
    for (Instance instance : ended.stream().map(task -> runInstances.of(context, task)).distinct().toList()) {
      answers.add(client.deleteFromHistory(instance, ended.stream()
        .filter(task -> runInstances.of(context, task).equals(instance)).map(task -> task.id().value()).toList()));
    }
    return Future.join(answers).<Void>mapEmpty().otherwiseEmpty();
  }

  /** Never {@code clear}: a run that ends at this moment would seem lost, and be run again. */
  private Future<Void> forgetOthers(RequestContext context, OwnTasks own, boolean clear, List<String> ids) {
    if (!clear || context.shared()) {
      return client.deleteFromHistory(context.home(), onOwnInstance(context, own, ids)).otherwiseEmpty();
    }
    return client.history(context.account(), context.home(), MAX_ENTRIES)
      .compose(entries -> client.deleteFromHistory(context.home(),
        onOwnInstance(context, own, entries.stream().map(Item::id).toList())))
      .recover(failure -> failure instanceof ApiException ? Future.failedFuture(failure) : Future.succeededFuture());
  }

  private static List<String> onOwnInstance(RequestContext context, OwnTasks own, List<String> ids) {
    return context.shared() ? List.of()
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
