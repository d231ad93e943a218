package io.anteroom.bus;

/** Every address of the event bus, once. */
public final class Addresses {
  private static final String PREFIX = "anteroom.";

  /** Request: submit a workflow. */
  static final String QUEUE_SUBMIT = PREFIX + "queue.submit";

  /** Request to the one who holds an upload, in whose name it ends: a block of it. */
  static final String QUEUE_BLOCK = PREFIX + "queue.block";

  /** Request: cancel a task. */
  static final String QUEUE_CANCEL = PREFIX + "queue.cancel";

  /** Request: take a task out of the queue, if it waits. */
  static final String QUEUE_WITHDRAW = PREFIX + "queue.withdraw";

  /** Request: forget tasks that have ended. */
  static final String QUEUE_FORGET = PREFIX + "queue.forget";

  /** Request: what was submitted. */
  static final String QUEUE_WORKFLOWS = PREFIX + "queue.workflows";

  /** Request: read what an instance has answered to a page about its node classes. */
  static final String QUEUE_LEARN = PREFIX + "queue.learn";

  /** Request: one task's status, at once or when it changes. */
  static final String STATUS_TASK = PREFIX + "status.task";

  /** Request: all tasks of a user, at once or when they change. */
  static final String STATUS_USER = PREFIX + "status.user";

  /** Request: what time it is at the store. */
  static final String STATUS_TIME = PREFIX + "status.time";

  /** Request: start what may start now; answered with what became of one task. */
  static final String DISPATCH_START = PREFIX + "dispatch.start";

  /** Request: the page of an instance with our script in it. */
  static final String PAGE = PREFIX + "page";

  /** Request: the boot script says that it runs. */
  static final String PAGE_HELLO = PREFIX + "page.hello";

  /** Request to a session, or to any edge: hear of a task; the session's own ends in its client id. */
  static final String SESSION_ATTACH = PREFIX + "session.attach";

  /** Request to a session: let go of everything, it goes on elsewhere; ends in its client id. */
  static final String SESSION_LEAVE = PREFIX + "session.leave";

  /** Published: a session with a browser has begun. */
  static final String SESSION_BEGUN = PREFIX + "session.begun";

  /** Published: what happened to a task. */
  static final String EVENT_TASK = PREFIX + "event.task";

  /** Published: how an instance is. */
  static final String EVENT_INSTANCE = PREFIX + "event.instance";

  /** Published: a node that stops has given its tasks away. */
  static final String EVENT_HANDOVER = PREFIX + "event.handover";

  /** Published: a place or a task is there. */
  static final String WAKE = PREFIX + "wake";

  /** Published each second by each node: its figures. */
  public static final String METRICS_NODE = PREFIX + "metrics.node";

  /** Published each second by one node: the cluster's sum. */
  public static final String METRICS_CLUSTER = PREFIX + "metrics.cluster";

  private Addresses() {
  }
}
