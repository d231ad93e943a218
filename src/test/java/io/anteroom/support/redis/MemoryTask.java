package io.anteroom.support.redis;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.Submission;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** A task of {@link MemoryTaskQueue}, which alone touches it. */
final class MemoryTask {
  static final Comparator<MemoryTask> LATEST_FIRST =
    Comparator.comparing((MemoryTask task) -> task.finished.orElseThrow()).reversed();

  final Submission submission;
  final long number;
  final Instant submitted;
  TaskState state = TaskState.QUEUED;
  String instance = "";
  int attempts;
  long fence;
  boolean cancelled;
  boolean unanswered;
  Optional<Instant> started = Optional.empty();
  Optional<Instant> finished = Optional.empty();
  private Optional<TaskError> error = Optional.empty();
  private String outputs = "";

  MemoryTask(Submission submission, long number, Instant submitted) {
    this.submission = submission;
    this.number = submission.front() ? -number : number;
    this.submitted = submitted;
  }

  boolean isOf(String user) {
    return submission.user().equals(user);
  }

  boolean isRunning() {
    return state == TaskState.PROCESSING;
  }

  boolean isHeldBy(Claim claim) {
    return isRunning() && fence == claim.fence();
  }

  void start(String where, Instant now) {
    state = TaskState.PROCESSING;
    instance = where;
    attempts = 1;
    fence++;
    started = Optional.of(now);
  }

  MemoryTask back() {
    state = TaskState.QUEUED;
    instance = "";
    started = Optional.empty();
    return this;
  }

  void end(Outcome outcome, Instant now) {
    state = outcome.state();
    error = outcome.error();
    outputs = outcome.outputs();
    finished = Optional.of(now);
  }

  Claim claim() {
    return new Claim(submission.id(), submission.user(), instance, "", fence, attempts, 0, Claim.Stage.CLAIMED,
      submission.clientId(),
      new Claim.Stored(submission.body().parts(), submission.body().length(), Optional.empty()), 0, cancelled,
      unanswered);
  }

  TaskStatus status(int position) {
    return new TaskStatus(submission.id(), submission.user(), submission.clientId(), state, number, position, "",
      instance, attempts,
      new TaskStatus.Times(submitted, started, finished), Optional.empty(), Optional.empty(), error, outputs);
  }
}
