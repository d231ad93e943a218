package io.anteroom.trial.history;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** What a student knows of one task of his: that he wanted it, whether it was acknowledged, what he was told of it. */
public final class HistoryEvent {
  public final String task;
  public final String user;
  public final Work work;
  public final boolean front;
  /** The end that the student was told, and more than one if he was told different ones. */
  public final Set<String> ends = new ConcurrentSkipListSet<>();
  /** Counts the acknowledged tasks of all students; 0 for one that was never acknowledged. */
  volatile long acknowledged;
  public volatile boolean cancelAsked;
  /** An answer said no. */
  volatile boolean refused;
  /** A try had no answer, so that it may have been taken. */
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

  /** Whether every answer said no, and each try had one: then it must never run. */
  boolean isRefusedForGood() {
    return refused && !unanswered && !isAcknowledged();
  }

  @Override
  public String toString() {
    return "%s of %s, %s%s%s, told %s".formatted(task, user, work, front ? ", in front" : "",
      cancelAsked ? ", cancelled" : "", ends);
  }
}
