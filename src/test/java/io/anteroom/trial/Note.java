package io.anteroom.trial;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** What a student knows of one task of his: that he wanted it, whether it was acknowledged, what he was told of it. */
final class Note {
  final String task;
  final String user;
  final Work work;
  final boolean front;
  /** The end that the student was told, and more than one if he was told different ones. */
  final Set<String> ends = new ConcurrentSkipListSet<>();
  /** Counts the acknowledged tasks of all students; 0 for one that was never acknowledged. */
  volatile long acknowledged;
  volatile boolean cancelAsked;
  /** An answer said no. */
  volatile boolean refused;
  /** A try had no answer, so that it may have been taken. */
  volatile boolean unanswered;

  Note(String task, String user, Work work, boolean front) {
    this.task = task;
    this.user = user;
    this.work = work;
    this.front = front;
  }

  /** What kind of workflow it is. */
  enum Work {
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
