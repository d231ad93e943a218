package io.anteroom.edge.session;

/** Who makes sessions and ends them. */
interface SessionKeeper {
  /** Neither a browser nor a task is left. */
  void idle(Session session);

  /** And none has come for as long as the grace is. */
  void over(Session session);
}
