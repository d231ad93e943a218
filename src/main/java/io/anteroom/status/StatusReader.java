package io.anteroom.status;

import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.queue.TaskQueue;
import io.anteroom.status.LongPollHandler.Subject;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.anteroom.task.TaskStatus.Progress;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the status of tasks, and adds what the store does not have: progress and estimate. */
final class StatusReader {
  private final TaskQueue queue;
  private final ProgressBoard progress;
  private final EtaForecast forecast;

  StatusReader(TaskQueue queue, ProgressBoard progress, EtaForecast forecast) {
    this.queue = queue;
    this.progress = progress;
    this.forecast = forecast;
  }

  /** One subject; fails when it is a task that is not the user's. */
  Future<Answer> read(Subject subject) {
    return read(Set.of(subject)).map(answers -> Optional.ofNullable(answers.get(subject))
      .orElseThrow(() -> StatusErrors.unknownTask(subject.task().orElseThrow())));
  }

  /** All these at once: one call for all tasks, one for each user. Tasks that are not the user's are left out. */
  Future<Map<Subject, Answer>> read(Collection<Subject> subjects) {
    List<TaskId> ids = subjects.stream().flatMap(subject -> subject.task().stream()).distinct().toList();
    Future<List<TaskStatus>> named = ids.isEmpty() ? Future.succeededFuture(List.of()) : queue.statuses(ids);
    Map<Subject, Future<List<TaskStatus>>> listed = new LinkedHashMap<>();
    subjects.stream().filter(subject -> subject.task().isEmpty())
      .forEach(subject -> listed.put(subject, queue.list(subject.user(), subject.ended())));
    List<Future<?>> reads = Stream.concat(Stream.of(forecast.refresh(), named), listed.values().stream())
      .collect(Collectors.toList());
    return Future.all(reads).map(done -> {
      Map<Subject, Answer> answers = answers(subjects, named.result());
      listed.forEach((subject, tasks) -> answers.put(subject, answer(tasks.result())));
      return answers;
    });
  }

  private Map<Subject, Answer> answers(Collection<Subject> subjects, List<TaskStatus> tasks) {
    Map<TaskId, TaskStatus> byId = tasks.stream().collect(Collectors.toMap(TaskStatus::id, Function.identity()));
    Map<Subject, Answer> answers = new HashMap<>();
    subjects.forEach(subject -> subject.task().map(byId::get)
      .filter(task -> task.user().equals(subject.user()))
      .ifPresent(task -> answers.put(subject, answer(List.of(task)))));
    return answers;
  }

  private Answer answer(List<TaskStatus> tasks) {
    List<TaskStatus> complete = tasks.stream().map(this::complete).toList();
    return new Answer(complete, Version.of(complete), Math.max(forecast.waiting(), lastPosition(complete)));
  }

  /** The last position among these; the count is a little older than they are, and must not be lower. */
  private static int lastPosition(List<TaskStatus> tasks) {
    return tasks.stream().mapToInt(TaskStatus::position).max().orElse(0);
  }

  private TaskStatus complete(TaskStatus task) {
    Optional<Progress> made = task.state() == TaskState.PROCESSING ? progress.of(task.id()) : Optional.empty();
    return task.with(made, forecast.of(task));
  }

  /** The latest progress of every running task, as its events report it; no store keeps it. */
  static final class ProgressBoard {
    /** Far above any limit; an entry from an event that came after the end of its task is the first to go. */
    private static final int MAX_TASKS = 2_000;

    private final Map<TaskId, Progress> latest = new LinkedHashMap<>();

    void record(TaskEvent event) {
      latest.remove(event.id());
      if (event.happened() == Happened.PROGRESSED) {
        event.progress().ifPresent(made -> latest.put(event.id(), made));
      }
      if (latest.size() > MAX_TASKS) {
        latest.remove(latest.keySet().iterator().next());
      }
    }

    Optional<Progress> of(TaskId id) {
      return Optional.ofNullable(latest.get(id));
    }
  }

  /**
   * The version of a list of tasks, as an ETag is: another one whenever the client can see a difference.
   *
   * <p>An estimate is not part of it. Each node makes its own from what it has seen: a page that is served by two nodes
   * in turn would see a change at every request, and poll without a pause.
   */
  static final class Version {
    private Version() {
    }

    /** The same for the same tasks on every node. */
    static String of(List<TaskStatus> tasks) {
      String text = tasks.stream().map(Version::visible).collect(Collectors.joining("\n"));
      return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** The outputs of ended tasks are left out: they never change, and may be large. */
    private static String visible(TaskStatus task) {
      return List.of(task.id(), task.state(), task.position(), task.blocked(), task.instance(), task.attempts(),
        task.times(), task.progress(), task.error().map(error -> error.type() + error.message())).toString();
    }
  }
}
