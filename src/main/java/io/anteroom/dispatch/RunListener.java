package io.anteroom.dispatch;

import io.anteroom.queue.Fault;
import io.anteroom.queue.Outcome;
import io.vertx.core.Future;

/** Whom a run tells how it came off. Exactly one of these is called, once. */
interface RunListener {

  /**
   * The instance said that it ended, or would not have it. Answers whether the task is rejected, so that its submitter
   * is to be told.
   */
  Future<Boolean> ended(Run run, Outcome outcome);

  /** The task certainly did not run, by a fault of its instance. */
  Future<Void> faulted(Run run, Fault fault);

  /** Its run was lost once more, and the store has put it back into the queue. */
  void waitsAgain(Run run);

  /** The instance would not let go of it in time. */
  void stuck(Run run, Hopeless hopeless);

  /** Somebody else watches it now. */
  void abandoned(Run run);
}
