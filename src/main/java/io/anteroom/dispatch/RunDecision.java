package io.anteroom.dispatch;

import io.anteroom.comfy.RunState;
import io.anteroom.comfy.RunState.Ended;
import io.anteroom.queue.Outcome;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskState;
import java.util.Optional;

/**
 * What follows from where an instance has a task. The instance's word decides: a task that finished has finished,
 * whoever wished it stopped.
 *
 * @param what    what to do now
 * @param outcome how it ended, for {@code FINISH}
 */
record RunDecision(What what, Optional<Outcome> outcome) {
  /** Absent only counts when it was seen twice: an answer may have crossed with the task's start. */
  private static final int ABSENCES_THAT_COUNT = 2;

  enum What {
    /** It is there: go on watching. */
    WATCH,
    /** Not seen, but that says nothing yet: look again soon. */
    LOOK_AGAIN,
    /** It has ended. */
    FINISH,
    /** Its run is gone: send it again. */
    SEND_AGAIN,
    /** It never began, by a fault of its instance: back into the queue with it. */
    GIVE_BACK
  }

  /** What somebody wants of a running task. */
  enum Wish { NONE, CANCEL, TIME_OUT }

  /**
   * What is known besides.
   *
   * @param onItsWay whether a request may still reach the instance
   * @param absences how often in a row it was not seen, this time included
   * @param lastTry  whether no further attempt is allowed
   * @param faulted  whether a fault of the instance explains that it does not have the task
   */
  record Facts(Wish wish, boolean onItsWay, int absences, boolean lastTry, boolean faulted) {
  }

  static RunDecision of(RunState seen, Facts facts) {
    if (seen instanceof Ended ended) {
      return finish(ended(ended, facts.wish()));
    }
    if (!(seen instanceof RunState.Absent)) {
      return new RunDecision(What.WATCH, Optional.empty());
    }
    if (facts.onItsWay() || facts.absences() < ABSENCES_THAT_COUNT) {
      return new RunDecision(What.LOOK_AGAIN, Optional.empty());
    }
    if (facts.wish() != Wish.NONE) {
      return finish(stopped(facts.wish()));
    }
    if (facts.faulted()) {
      return new RunDecision(What.GIVE_BACK, Optional.empty());
    }
    return facts.lastTry() ? finish(forgotten()) : new RunDecision(What.SEND_AGAIN, Optional.empty());
  }

  /** How a task ends that was stopped by this wish. */
  static Outcome stopped(Wish wish) {
    return wish == Wish.TIME_OUT
      ? Outcome.of(TaskState.TIMED_OUT, new TaskError("timed_out",
        "The workflow ran longer than the lab allows (task.timeout) and was stopped."))
      : Outcome.of(TaskState.CANCELLED, new TaskError("cancelled", "The task was cancelled."));
  }

  /** How a task ends of which nobody knows whether it ran to its end. */
  static Outcome lost(String why) {
    return Outcome.of(TaskState.LOST, new TaskError("lost", why));
  }

  private static RunDecision finish(Outcome outcome) {
    return new RunDecision(What.FINISH, Optional.of(outcome));
  }

  private static Outcome ended(Ended ended, Wish wish) {
    return switch (ended.how()) {
      case SUCCESS -> Outcome.completed(ended.outputs());
      case ERROR -> Outcome.failed(ended.error(), ended.outputs());
      case INTERRUPTED -> stopped(wish);
    };
  }

  private static Outcome forgotten() {
    return lost("The instance forgot the task, perhaps in a restart, as often as it may be tried again "
      + "(task.max_attempts).");
  }

  /**
   * A task that its instance does not let go of.
   *
   * @param outcome how it ends all the same, so that its place is free
   * @param why     the instance gets no other task until it is seen idle
   */
  record Hopeless(Outcome outcome, InstanceOutage.Kind why) {

    /** It was to stop and did not. */
    static Hopeless stubborn(Wish wish) {
      return new Hopeless(RunDecision.stopped(wish), InstanceOutage.Kind.STUBBORN);
    }

    /** It was not begun and not given back. */
    static Hopeless neverBegan() {
      return new Hopeless(RunDecision.lost("The instance took the task, did not begin it and would not give it back; "
        + "it may still run there."), InstanceOutage.Kind.STALLED);
    }

    /** Nothing was heard of it. */
    static Hopeless unheard() {
      return new Hopeless(RunDecision.lost("The instance has not said what became of the task for longer than it is "
        + "waited for (instance.give_up); it may still run there."), InstanceOutage.Kind.LEFT);
    }
  }
}
