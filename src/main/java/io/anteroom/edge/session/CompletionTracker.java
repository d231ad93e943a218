package io.anteroom.edge.session;

import io.anteroom.comfy.ComfyMessages;
import io.anteroom.comfy.SocketMessage;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees tasks of a session end, and says in ComfyUI's words what an instance could not say, or said while nobody heard
 * it: that it never took a task, or lost it; what it made while its line was down.
 */
final class CompletionTracker {
  private static final Logger log = LoggerFactory.getLogger(CompletionTracker.class);

  /** How long an instance's own last word may take. */
  private static final Duration LAST_WORD = Duration.ofMillis(300);

  /** Of so many runs it is known that their end was told. */
  private static final int KNOWN = 64;

  private final SessionContext means;
  private final String clientId;
  private final InstanceChannels lines;
  private final UserTaskPoller own;
  private final Consumer<List<WebSocketMessage>> tell;
  private final Runnable over;
  private final Set<String> told = new LinkedHashSet<>();
  private Set<TaskId> missing = Set.of();

  /**
   * @param tell tells the browsers
   * @param over called when a task is not listened for any more
   */
  CompletionTracker(SessionContext means, InstanceChannels lines, UserTaskPoller own,
      Consumer<List<WebSocketMessage>> tell, Runnable over) {
    this.means = means;
    this.clientId = lines.clientId();
    this.lines = lines;
    this.own = own;
    this.tell = tell;
    this.over = over;
  }

  /** An instance says this. */
  void hears(SocketMessage word) {
    if (word.isVerdict()) {
      note(word.promptId());
    }
  }

  /** It has ended, or went back into the queue. */
  void ended(TaskId task, TaskState state) {
    if (state.isFinal() && !told.contains(task.value())) {
      means.vertx().setTimer(LAST_WORD.toMillis(), late -> giveWord(task));
    } else {
      forget(task);
    }
  }

  /** Its instance refuses it: there never was a run. */
  void rejected(TaskId task) {
    forget(task);
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

  private void giveWord(TaskId task) {
    if (!told.contains(task.value())) {
      own.status(task)
        .onSuccess(this::giveWord)
        .onFailure(failure -> log.debug("How a task ended is not known: task={} cause={}", task, failure.toString()));
    }
    forget(task);
  }

  /** A page that ran it waits for a word; one that was cancelled before it ran is not missed. */
  private void giveWord(TaskStatus task) {
    if (!task.isWithdrawn() && task.clientId().equals(clientId) && note(task.id().value())) {
      tell.accept(words(task));
    }
  }

  /** False when it was known already. */
  private boolean note(String promptId) {
    boolean news = told.add(promptId);
    if (told.size() > KNOWN) {
      told.remove(told.iterator().next());
    }
    return news;
  }

  private static List<WebSocketMessage> words(TaskStatus task) {
    return ComfyMessages.ended(task).stream().map(WebSocketMessage::text).toList();
  }

  private void forget(TaskId task) {
    lines.all().forEach(line -> line.ended(task.value()));
    over.run();
  }
}
