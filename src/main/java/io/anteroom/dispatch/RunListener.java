package io.anteroom.dispatch;

import io.anteroom.queue.Outcome;
import io.vertx.core.Future;

/** Whom a run tells how it came off. Exactly one of these is called, once. */
interface RunListener {

  /** The instance said that it ended, or would not have it. */
  Future<Void> ended(Run run, Outcome outcome);

  /** No connection to the instance came about: the task never began. */
  Future<Void> unreachable(Run run, String cause);

  /** The instance would not stop it in time. */
  void stuck(Run run, Outcome outcome);

  /** Somebody else watches it now. */
  void abandoned(Run run);
}
