package io.anteroom.edge.panel;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Service;
import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.AboutTask;
import io.anteroom.bus.StatusServices.AboutUser;
import io.anteroom.bus.StatusServices.When;
import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.Cancel;
import io.anteroom.bus.SubmissionServices.Workflow;
import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads and changes a student's tasks over the bus. */
final class UserTasks {
  /** No errors for ComfyUI's page: the task is gone or not the student's, and ComfyUI would answer 200. */
  private static final Set<Code> NOTHING_TO_DO = Set.of(Code.UNKNOWN_TASK, Code.ALREADY_ENDED);

  private final Bus bus;

  UserTasks(Bus bus) {
    this.bus = bus;
  }

  Future<OwnTasks> all(String user) {
    return bus.request(StatusServices.USER, new AboutUser(user, When.NOW)).map(answer -> new OwnTasks(answer.tasks()));
  }

  /** One task, also one that ended long ago; empty when the text is not an id or the task is not this user's. */
  Future<Optional<TaskStatus>> one(String user, String id) {
    return TaskId.parse(id)
      .map(task -> bus.request(StatusServices.TASK, new AboutTask(user, task, When.NOW))
        .map(answer -> answer.tasks().stream().findFirst())
        .recover(UserTasks::nothing))
      .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  Future<Map<TaskId, Workflow>> workflows(String user, List<TaskId> ids) {
    return ids.isEmpty() ? Future.succeededFuture(Map.of())
      : bus.request(SubmissionServices.WORKFLOWS, new SubmissionServices.OwnTasks(user, ids)).map(answer ->
        answer.all().stream().collect(Collectors.toMap(Workflow::id, Function.identity())));
  }

  /** Cancels these, waiting or running; true when there was anything to cancel. */
  Future<Boolean> cancel(String user, Collection<TaskId> ids) {
    return each(SubmissionServices.CANCEL, user, ids);
  }

  /** Removes those of these that are waiting from the queue. */
  Future<Boolean> withdraw(String user, Collection<TaskId> ids) {
    return each(SubmissionServices.WITHDRAW, user, ids);
  }

  Future<Void> forget(String user, List<TaskId> ids) {
    return ids.isEmpty() ? Future.succeededFuture()
      : bus.request(SubmissionServices.FORGET, new SubmissionServices.OwnTasks(user, ids));
  }

  private Future<Boolean> each(Service<Cancel, TaskStatus> action, String user, Collection<TaskId> ids) {
    List<Future<Optional<TaskStatus>>> answers = ids.stream()
      .map(id -> bus.request(action, new Cancel(user, id)).map(Optional::of).recover(UserTasks::nothing))
      .toList();
    return Future.all(answers).map(done -> answers.stream().anyMatch(answer -> answer.result().isPresent()));
  }

  private static <T> Future<Optional<T>> nothing(Throwable failure) {
    return failure instanceof ApiException error && NOTHING_TO_DO.contains(error.code())
      ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure);
  }

  /**
   * A snapshot of a student's tasks in the queue, which alone decides what state each is in.
   *
   * <p>The lists of instances lag behind or run ahead, so they never change the state of a task.
   */
  static final class OwnTasks {
    private final List<TaskStatus> all;
    private final Map<String, TaskStatus> byId;

    /** @param all running, then waiting in their order, then the latest that ended */
    OwnTasks(List<TaskStatus> all) {
      this.all = all;
      this.byId = all.stream().collect(Collectors.toMap(task -> task.id().value(), Function.identity()));
    }

    List<TaskStatus> all() {
      return all;
    }

    boolean knows(String id) {
      return byId.containsKey(id);
    }

    Optional<TaskStatus> find(String id) {
      return Optional.ofNullable(byId.get(id));
    }

    List<TaskStatus> running() {
      return in(TaskState.PROCESSING).toList();
    }

    /** In the order in which they will start. */
    List<TaskStatus> waiting() {
      return in(TaskState.QUEUED).toList();
    }

    /** Those that have ended, in the order of their ends; without those that ComfyUI would not keep. */
    List<TaskStatus> ended() {
      return all.stream().filter(task -> task.state().isFinal() && !task.isWithdrawn())
        .sorted(Comparator.comparing(OwnTasks::end).thenComparing(TaskStatus::number)).toList();
    }

    List<TaskId> unended() {
      return all.stream().filter(task -> !task.state().isFinal()).map(TaskStatus::id).toList();
    }

    private static Instant end(TaskStatus task) {
      return task.times().finished().orElse(Instant.EPOCH);
    }

    private Stream<TaskStatus> in(TaskState state) {
      return all.stream().filter(task -> task.state() == state);
    }
  }
}
