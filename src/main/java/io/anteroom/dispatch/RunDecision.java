package io.anteroom.dispatch;

import io.anteroom.comfy.RunState;
import io.anteroom.comfy.RunState.Ended;
import io.anteroom.queue.Outcome;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskState;
import java.util.Optional;

/**
 * Decides what follows from the state of a run at its instance. The instance is the authority: a task that finished has
 * finished, even if its end was requested.
 *
 * @param what    what to do now
 * @param outcome how it ended, for {@code FINISH}
 */
record RunDecision(What what, Optional<Outcome> outcome) {
  /** An absence counts only when it was seen twice: an answer may have crossed with the task's start. */
  private static final int MIN_ABSENCES = 2;

  enum What {
    /** It is there: go on watching. */
    WATCH,
    /** Not seen, which proves nothing yet: poll again soon. */
    POLL_AGAIN,
    /** It has ended. */
    FINISH,
    /** Its run is gone: send it again. */
    SEND_AGAIN,
    /** It never began, by a fault of its instance: put it back into the queue. */
    REQUEUE
  }

  /** Why a running task is to end before its time. */
  enum RequestedEnd { NONE, CANCEL, TIME_OUT }

  /**
   * What else is known.
   *
   * @param inFlight whether a request may still reach the instance
   * @param absences how often in a row it was absent, this time included
   * @param lastTry  whether no further attempt is allowed
   * @param faulted  whether a fault of the instance explains that it does not have the task
   */
  record Facts(RequestedEnd requestedEnd, boolean inFlight, int absences, boolean lastTry, boolean faulted) {
  }

  static RunDecision of(RunState state, Facts facts) {
    if (state instanceof Ended ended) {
      return finish(ended(ended, facts.requestedEnd()));
    }
    if (!(state instanceof RunState.Absent)) {
      return new RunDecision(What.WATCH, Optional.empty());
    }
    if (facts.inFlight() || facts.absences() < MIN_ABSENCES) {
      return new RunDecision(What.POLL_AGAIN, Optional.empty());
    }
    if (facts.requestedEnd() != RequestedEnd.NONE) {
      return finish(stopped(facts.requestedEnd()));
    }
    if (facts.faulted()) {
      return new RunDecision(What.REQUEUE, Optional.empty());
    }
    return facts.lastTry() ? finish(forgotten()) : new RunDecision(What.SEND_AGAIN, Optional.empty());
  }

  /** The outcome of a task that was stopped on request. */
  static Outcome stopped(RequestedEnd requested) {
    return requested == RequestedEnd.TIME_OUT
      ? Outcome.of(TaskState.TIMED_OUT, new TaskError("timed_out",
        "The workflow ran longer than the lab allows (task.timeout) and was stopped."))
      : Outcome.of(TaskState.CANCELLED, new TaskError("cancelled", "The task was cancelled."));
  }

  /** The outcome of a task that may or may not have run to its end. */
  static Outcome lost(String why) {
    return Outcome.of(TaskState.LOST, new TaskError("lost", why));
  }

  private static RunDecision finish(Outcome outcome) {
    return new RunDecision(What.FINISH, Optional.of(outcome));
  }

  private static Outcome ended(Ended ended, RequestedEnd requested) {
    return switch (ended.how()) {
      case SUCCESS -> Outcome.completed(ended.outputs());
      case ERROR -> Outcome.failed(ended.error(), ended.outputs());
      case INTERRUPTED -> stopped(requested);
    };
  }

  private static Outcome forgotten() {
    return lost("The instance lost the task, perhaps in a restart, and it was tried as often as is allowed "
      + "(task.max_attempts).");
  }

  /**
   * A run that its instance does not end.
   *
   * @param outcome how it ends all the same, so that its place is free
   * @param why     the instance gets no other task until it is seen idle
   */
  record StuckRun(Outcome outcome, InstanceOutage.Kind why) {

    /** It was to stop and did not. */
    static StuckRun stubborn(RequestedEnd requested) {
      return new StuckRun(RunDecision.stopped(requested), InstanceOutage.Kind.STUBBORN);
    }

    /** It was not begun, and could not be removed from the instance's queue. */
    static StuckRun neverBegan() {
      return new StuckRun(RunDecision.lost("The instance accepted the task, but neither started nor removed it; "
        + "it may still run there."), InstanceOutage.Kind.STALLED);
    }

    /** The instance does not answer. */
    static StuckRun unheard() {
      return new StuckRun(RunDecision.lost("The instance has not reported the state of the task for longer than "
        + "Anteroom waits for it (instance.give_up); it may still run there."), InstanceOutage.Kind.LEFT);
    }
  }
}
