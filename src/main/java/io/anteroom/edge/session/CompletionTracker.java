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
 * Tracks the ends of a session's tasks, and sends in ComfyUI's format what no browser received from an instance: that
 * it never ran a task, or lost it; the outputs while its channel was down.
 */
final class CompletionTracker {
  private static final Logger log = LoggerFactory.getLogger(CompletionTracker.class);

  /** How long the instance's own final message may take. */
  private static final Duration FINAL_MESSAGE_TIMEOUT = Duration.ofMillis(300);

  /** The number of runs whose reported end is remembered. */
  private static final int MAX_REPORTED = 64;

  private final SessionContext context;
  private final String clientId;
  private final InstanceChannels channels;
  private final UserTaskPoller poller;
  private final Consumer<List<WebSocketMessage>> send;
  private final Runnable released;
  private final Set<String> reported = new LinkedHashSet<>();
  private Set<TaskId> missing = Set.of();

  /**
   * @param send     sends to the browsers
   * @param released called when a task is no longer listened for
   */
  CompletionTracker(SessionContext context, InstanceChannels channels, UserTaskPoller poller,
      Consumer<List<WebSocketMessage>> send, Runnable released) {
    this.context = context;
    this.clientId = channels.clientId();
    this.channels = channels;
    this.poller = poller;
    this.send = send;
    this.released = released;
  }

  /** An instance has sent this. */
  void onMessage(SocketMessage event) {
    if (event.isVerdict()) {
      markReported(event.promptId());
    }
  }

  /** The task has ended, or went back into the queue. */
  void ended(TaskId task, TaskState state) {
    if (state.isFinal() && !reported.contains(task.value())) {
      context.vertx().setTimer(FINAL_MESSAGE_TIMEOUT.toMillis(), late -> report(task));
    } else {
      release(task);
    }
  }

  /** The instance has rejected the task: there never was a run. */
  void rejected(TaskId task) {
    release(task);
  }

  /**
   * Finds tasks whose end was missed. One that is not listed twice in a row ended long ago: the first list may be older
   * than the task.
   */
  void compare(List<TaskStatus> tasks) {
    Set<TaskId> unlisted = channels.tasks();
    Set<TaskId> listenedFor = Set.copyOf(unlisted);
    tasks.forEach(task -> unlisted.remove(task.id()));
    tasks.stream().filter(task -> task.state().isFinal() && listenedFor.contains(task.id()))
      .forEach(task -> ended(task.id(), task.state()));
    unlisted.stream().filter(missing::contains).forEach(this::release);
    missing = unlisted;
  }

  private void report(TaskId task) {
    if (!reported.contains(task.value())) {
      poller.status(task)
        .onSuccess(this::report)
        .onFailure(failure -> log.debug("The end of a task could not be read: task={} cause={}", task,
          failure.toString()));
    }
    release(task);
  }

  /** The page that ran it waits for a final message; one that was cancelled before it ran needs none. */
  private void report(TaskStatus task) {
    if (!task.isWithdrawn() && task.clientId().equals(clientId) && markReported(task.id().value())) {
      send.accept(messages(task));
    }
  }

  /** False when it was marked already. */
  private boolean markReported(String promptId) {
    boolean isNew = reported.add(promptId);
    if (reported.size() > MAX_REPORTED) {
      reported.remove(reported.iterator().next());
    }
    return isNew;
  }

  private static List<WebSocketMessage> messages(TaskStatus task) {
    return ComfyMessages.ended(task).stream().map(WebSocketMessage::text).toList();
  }

  private void release(TaskId task) {
    channels.all().forEach(channel -> channel.ended(task.value()));
    released.run();
  }
}
