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
 * A student's tasks that wait or run, as the store says: looked up when something happened, however much of it in one
 * go.
 */
final class UserTaskPoller {
  /** So many of those that ended are enough to see one end that nobody told of. */
  private static final int ENDED = 10;
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(3);

  private final SessionContext means;
  private final String user;
  private final BooleanSupplier wanted;
  private final Consumer<List<TaskStatus>> seen;
  private final Runnable unseen;
  private List<String> active;
  private boolean looking;
  private boolean again;
  private boolean followed;
  private boolean outdated;
  private boolean over;

  /**
   * @param wanted whether anybody is there for whom to look
   * @param seen   gets the tasks of each look, the latest that ended too
   * @param unseen called when a look failed; the next follows by itself
   */
  UserTaskPoller(SessionContext means, String user, BooleanSupplier wanted, Consumer<List<TaskStatus>> seen,
      Runnable unseen) {
    this.means = means;
    this.user = user;
    this.wanted = wanted;
    this.seen = seen;
    this.unseen = unseen;
  }

  boolean isKnown() {
    return active != null;
  }

  /** How many wait and run; while that is not known one, since at none a page may start the next by itself. */
  int remaining() {
    return isKnown() ? active.size() : 1;
  }

  boolean contains(String id) {
    return isKnown() && active.contains(id);
  }

  void look() {
    if (over || !wanted.getAsBoolean()) {
      return;
    }
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    means.bus().requestIfPresent(StatusServices.USER, new AboutUser(user, ENDED, When.NOW))
      .onSuccess(answer -> answer.ifPresentOrElse(this::looked, this::failed));
  }

  /** How it was seen last says nothing of now, nor does what a look that is under way will bring. */
  void forget() {
    active = null;
    outdated = looking;
  }

  /** Whether what was seen last is older than the latest news, so that another look follows. */
  boolean isOutOfDate() {
    return followed;
  }

  /** One task now; fails when it cannot be looked up. */
  Future<TaskStatus> status(TaskId id) {
    return means.bus().request(StatusServices.TASK, new AboutTask(user, id, When.NOW))
      .map(answer -> answer.tasks().get(0));
  }

  /** Looks no more. */
  void end() {
    over = true;
  }

  private void looked(Answer answer) {
    if (outdated) {
      outdated = false;
      looking = false;
      look();
      return;
    }
    active = answer.tasks().stream().filter(task -> !task.state().isFinal()).map(task -> task.id().value()).toList();
    looking = false;
    followed = again;
    if (again) {
      again = false;
      means.vertx().setTimer(PAUSE.toMillis(), now -> look());
    }
    if (!over) {
      seen.accept(answer.tasks());
    }
  }

  private void failed() {
    looking = false;
    again = false;
    outdated = false;
    if (!over) {
      means.vertx().setTimer(LOOK_AGAIN.toMillis(), now -> look());
      unseen.run();
    }
  }

  /** Whether it is at an instance. */
  static boolean isAtWork(TaskStatus task) {
    return task.state() == TaskState.PROCESSING && !task.instance().isEmpty();
  }
}
