package io.anteroom.edge.session;

import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.AboutTask;
import io.anteroom.bus.StatusServices.AboutUser;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.bus.StatusServices.When;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Polls a student's waiting and running tasks after events; calls during a poll are coalesced into one rerun.
 */
final class UserTaskPoller {
  /** How many ended tasks are read, to detect ends whose event was lost. */
  private static final int MAX_ENDED = 10;
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(3);

  private final SessionContext context;
  private final String user;
  private final BooleanSupplier needed;
  private final Consumer<List<TaskStatus>> onTasks;
  private final Runnable onFailed;
  private List<String> active;
  private boolean polling;
  private boolean again;
  private boolean stale;
  private boolean ended;

  /**
   * @param needed   whether a browser or a task needs the result
   * @param onTasks  receives the tasks of each poll, with the latest ended ones
   * @param onFailed called when a poll failed; it is retried
   */
  UserTaskPoller(SessionContext context, String user, BooleanSupplier needed, Consumer<List<TaskStatus>> onTasks,
      Runnable onFailed) {
    this.context = context;
    this.user = user;
    this.needed = needed;
    this.onTasks = onTasks;
    this.onFailed = onFailed;
  }

  boolean isKnown() {
    return active != null;
  }

  /** How many wait and run; one while unknown, since at zero a page may start its next run by itself. */
  int remaining() {
    return isKnown() ? active.size() : 1;
  }

  boolean contains(String id) {
    return isKnown() && active.contains(id);
  }

  void poll() {
    if (ended || !needed.getAsBoolean()) {
      return;
    }
    if (polling) {
      again = true;
      return;
    }
    polling = true;
    context.bus().requestIfPresent(StatusServices.USER, new AboutUser(user, MAX_ENDED, When.NOW))
      .onSuccess(answer -> answer.ifPresentOrElse(this::polled, this::failed));
  }

  /** Discards the last result, and that of a poll in progress. */
  void forget() {
    active = null;
    stale = polling;
  }

  /** The current state of one task; fails when it cannot be read. */
  Future<TaskStatus> status(TaskId id) {
    return context.bus().request(StatusServices.TASK, new AboutTask(user, id, When.NOW))
      .map(answer -> answer.tasks().get(0));
  }

  /** Polls no more. */
  void end() {
    ended = true;
  }

  private void polled(Answer answer) {
    if (stale) {
      stale = false;
      polling = false;
      poll();
      return;
    }
    active = answer.tasks().stream().filter(task -> !task.state().isFinal()).map(task -> task.id().value()).toList();
    polling = false;
    if (again) {
      again = false;
      context.vertx().setTimer(PAUSE.toMillis(), now -> poll());
    }
    if (!ended) {
      onTasks.accept(answer.tasks());
    }
  }

  private void failed() {
    polling = false;
    again = false;
    stale = false;
    if (!ended) {
      context.vertx().setTimer(RETRY_AFTER.toMillis(), now -> poll());
      onFailed.run();
    }
  }

  /** Whether it runs at an instance. */
  static boolean isAtWork(TaskStatus task) {
    return task.state() == TaskState.PROCESSING && !task.instance().isEmpty();
  }
}
