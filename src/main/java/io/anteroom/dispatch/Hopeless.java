package io.anteroom.dispatch;

import io.anteroom.dispatch.Verdict.Wish;
import io.anteroom.queue.Outcome;
import io.anteroom.task.Outage;

/**
 * A task that its instance does not let go of.
 *
 * @param outcome how it ends all the same, so that its place is free
 * @param why     the instance gets no other task until it is seen idle
 */
record Hopeless(Outcome outcome, Outage.Kind why) {

  /** It was to stop and did not. */
  static Hopeless stubborn(Wish wish) {
    return new Hopeless(Verdict.stopped(wish), Outage.Kind.STUBBORN);
  }

  /** It was not begun and not given back. */
  static Hopeless neverBegan() {
    return new Hopeless(Verdict.lost("The instance took the task, did not begin it and would not give it back; it may "
      + "still run there."), Outage.Kind.STALLED);
  }

  /** Nothing was heard of it. */
  static Hopeless unheard() {
    return new Hopeless(Verdict.lost("The instance has not said what became of the task for longer than it is waited "
      + "for (instance.give_up); it may still run there."), Outage.Kind.LEFT);
  }
}
