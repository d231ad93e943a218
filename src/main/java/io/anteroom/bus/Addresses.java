package io.anteroom.bus;

/**
 * Every address on the event bus, defined once. Requests have one replier, published events any number of subscribers;
 * the records beside each {@code …Services} and {@link Events} are the messages.
 */
public final class Addresses {
  private static final String PREFIX = "anteroom.";

  /** Request: submit a workflow. */
  static final String QUEUE_SUBMIT = PREFIX + "queue.submit";

  /** Request: a block of an upload; followed by the name of the owner that holds it. */
  static final String QUEUE_BLOCK = PREFIX + "queue.block";

  /** Request: cancel a task. */
  static final String QUEUE_CANCEL = PREFIX + "queue.cancel";

  /** Request: cancel a task only if it waits. */
  static final String QUEUE_WITHDRAW = PREFIX + "queue.withdraw";

  /** Request: delete tasks that have ended. */
  static final String QUEUE_FORGET = PREFIX + "queue.forget";

  /** Request: the workflows that were submitted. */
  static final String QUEUE_WORKFLOWS = PREFIX + "queue.workflows";

  /** Request: read the node classes that an instance has just sent to a page. */
  static final String QUEUE_LEARN = PREFIX + "queue.learn";

  /** Request: the status of one task, at once or when it changes. */
  static final String STATUS_TASK = PREFIX + "status.task";

  /** Request: the tasks of a user, at once or when they change. */
  static final String STATUS_USER = PREFIX + "status.user";

  /** Request: the time by the clock of the store. */
  static final String STATUS_TIME = PREFIX + "status.time";

  /** Request: start what may start now; the reply says what became of one task. */
  static final String DISPATCH_START = PREFIX + "dispatch.start";

  /** Request: a page of an instance with the script injected. */
  static final String PAGE = PREFIX + "page";

  /** Request: record that the boot script runs in a browser. */
  static final String PAGE_HELLO = PREFIX + "page.hello";

  /** Request to any edge, or followed by a client id to that session: watch a task. */
  static final String SESSION_ATTACH = PREFIX + "session.attach";

  /** Request, followed by a client id, to that session: close its sockets, it goes on at another node. */
  static final String SESSION_LEAVE = PREFIX + "session.leave";

  /** Published: a session with a browser has begun. */
  static final String SESSION_BEGUN = PREFIX + "session.begun";

  /** Published: an event of a task. */
  static final String EVENT_TASK = PREFIX + "event.task";

  /** Published: the state of an instance. */
  static final String EVENT_INSTANCE = PREFIX + "event.instance";

  /** Published: a node that stops has handed over its tasks. */
  static final String EVENT_HANDOVER = PREFIX + "event.handover";

  /** Published: a permit is free, or a task was queued. */
  static final String WAKE = PREFIX + "wake";

  /** Published each second by each node: its metrics. */
  public static final String METRICS_NODE = PREFIX + "metrics.node";

  /** Published each second by one node: the sum of the cluster. */
  public static final String METRICS_CLUSTER = PREFIX + "metrics.cluster";

  private Addresses() {
  }
}
