package io.anteroom.edge.session;

import io.anteroom.comfy.SocketWords;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees tasks of a session end, and says in ComfyUI's words what an instance could not say, or said while nobody heard
 * it: that it never took a task, or lost it; what it made while its line was down.
 */
final class Endings {
  private static final Logger log = LoggerFactory.getLogger(Endings.class);

  /** How long an instance's own last word may take. */
  private static final Duration LAST_WORD = Duration.ofMillis(300);

  private final Means means;
  private final Lines lines;
  private final OwnTasks own;
  private final Consumer<List<Said>> tell;
  private final Runnable over;
  private Set<TaskId> missing = Set.of();

  /**
   * @param tell tells the browsers
   * @param over called when a task is not listened for any more
   */
  Endings(Means means, Lines lines, OwnTasks own, Consumer<List<Said>> tell, Runnable over) {
    this.means = means;
    this.lines = lines;
    this.own = own;
    this.tell = tell;
    this.over = over;
  }

  /** It has ended, or went back into the queue. */
  void ended(TaskId task, TaskState state) {
    if (state.isFinal() && isOwedWord(task)) {
      means.vertx().setTimer(LAST_WORD.toMillis(), late -> giveWord(task));
    } else {
      forget(task);
    }
  }

  /**
   * Finds those whose end went unheard. One that is not listed at all has ended long ago when it is not listed twice:
   * the first list may be older than the task.
   */
  void compare(List<TaskStatus> tasks) {
    Set<TaskId> unlisted = lines.tasks();
    Set<TaskId> listenedFor = Set.copyOf(unlisted);
    tasks.forEach(task -> unlisted.remove(task.id()));
    tasks.stream().filter(task -> task.state().isFinal() && listenedFor.contains(task.id()))
      .forEach(task -> ended(task.id(), task.state()));
    unlisted.stream().filter(missing::contains).forEach(this::forget);
    missing = unlisted;
  }

  private boolean isOwedWord(TaskId task) {
    return lines.all().stream().anyMatch(line -> line.isOwedVerdict(task.value()));
  }

  private void giveWord(TaskId task) {
    if (isOwedWord(task)) {
      own.status(task)
        .onSuccess(status -> tell.accept(words(status)))
        .onFailure(failure -> log.debug("How a task ended is not known: task={} cause={}", task, failure.toString()));
    }
    forget(task);
  }

  private static List<Said> words(TaskStatus task) {
    return SocketWords.ended(task).stream().map(Said::text).toList();
  }

  private void forget(TaskId task) {
    lines.all().forEach(line -> line.ended(task.value()));
    over.run();
  }
}
