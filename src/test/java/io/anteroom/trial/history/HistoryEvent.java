package io.anteroom.trial.history;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** The history of one task as its student saw it: invoked, acknowledged or refused, and the ends that were reported. */
public final class HistoryEvent {
  public final String task;
  public final String user;
  public final Work work;
  public final boolean front;
  /** The end that the student saw; more than one if they differed. */
  public final Set<String> ends = new ConcurrentSkipListSet<>();
  /** Counts the acknowledged tasks of all students; 0 for one that was never acknowledged. */
  volatile long acknowledged;
  public volatile boolean cancelAsked;
  /** A reply refused it. */
  volatile boolean refused;
  /** A try had no reply, so that it may have been accepted. */
  volatile boolean unanswered;

  public HistoryEvent(String task, String user, Work work, boolean front) {
    this.task = task;
    this.user = user;
    this.work = work;
    this.front = front;
  }

  /** What kind of workflow it is. */
  public enum Work {
    /** Takes its time and ends well. */
    GOOD,
    /** Takes its time and fails. */
    FAILING,
    /** Goes on until it is stopped. */
    ENDLESS,
    /** Cannot run at any instance: refused at once, or when an instance has seen it. */
    IMPOSSIBLE
  }

  boolean isAcknowledged() {
    return acknowledged > 0;
  }

  /** Whether every try was refused by a reply: then it must never run. */
  boolean isRefusedForGood() {
    return refused && !unanswered && !isAcknowledged();
  }

  @Override
  public String toString() {
    return "%s of %s, %s%s%s, reported %s".formatted(task, user, work, front ? ", in front" : "",
      cancelAsked ? ", cancelled" : "", ends);
  }
}
