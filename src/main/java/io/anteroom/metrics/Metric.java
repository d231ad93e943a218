package io.anteroom.metrics;

import java.util.Locale;
import java.util.Optional;
import java.util.function.LongBinaryOperator;
import java.util.stream.Stream;

/**
 * The metrics that a node publishes, each with its meaning; the list is closed, and documented in {@code
 * src/docs/metrics.md}.
 *
 * <p>A value of another name is passed on and added up all the same, but is a defect.
 */
public enum Metric {
  QUEUE_SUBMITTED_SCRIPT(Kind.COUNTER, "workflows queued that the script in the page caught"),
  QUEUE_SUBMITTED_PROXY(Kind.COUNTER, "workflows queued that were caught on their way to an instance"),
  QUEUE_SUBMITTED_API(Kind.COUNTER, "workflows queued by a direct call of the queue API"),
  QUEUE_REPEATED(Kind.COUNTER, "submits of a task that was there already"),
  QUEUE_REFUSED(Kind.COUNTER, "submits that were refused, for whatever reason"),
  QUEUE_LOST(Kind.COUNTER, "acknowledged tasks that the store lost in a failover or a restore, ended as lost"),
  QUEUE_CANCELLED(Kind.COUNTER, "tasks whose cancel was accepted"),

  QUEUE_LIMIT(Kind.SHARED, "tasks that may process at once over the whole lab"),
  QUEUE_PROCESSING(Kind.SHARED, "tasks that process"),
  QUEUE_WAITING(Kind.SHARED, "tasks that wait and are counted"),
  QUEUE_BLOCKED(Kind.SHARED, "tasks that wait uncounted because their user's instances are out"),
  QUEUE_USERS(Kind.SHARED, "users with a task that waits or processes"),
  QUEUE_BYTES(Kind.SHARED, "bytes that the workflows of all tasks that wait or process take in the store"),
  QUEUE_OLDEST_WAITING_SECONDS(Kind.SHARED, "how long the oldest waiting task has waited"),

  INSTANCES_OUT(Kind.SHARED,
    "instances that are not well: silent, ill, fenced off, or on trial after two faults in a row or more"),

  CONFIG_DIFFERS(Kind.GAUGE, "nodes whose settings or lists are not the ones in force"),

  LAB_SUBMITTED(Kind.TOTAL, "workflows stored in the queue"),
  LAB_REJECTED(Kind.TOTAL,
    "of these, taken out again because ComfyUI's refusal was their answer: they never were tasks"),
  LAB_STARTED(Kind.TOTAL, "times that an instance accepted a task"),
  LAB_COMPLETED(Kind.TOTAL, "tasks that ran to their end"),
  LAB_FAILED(Kind.TOTAL, "tasks that failed"),
  LAB_CANCELLED(Kind.TOTAL, "tasks that were cancelled, whether they waited or ran"),
  LAB_TIMED_OUT(Kind.TOTAL, "tasks that ran longer than task.timeout"),
  LAB_LOST(Kind.TOTAL, "tasks that no instance knows, or that were lost as often as they may be tried"),

  STATUS_WATCHERS(Kind.GAUGE, "status requests that are held until something changes (long polling)"),

  DISPATCH_STARTED(Kind.COUNTER, "tasks that an instance accepted"),
  DISPATCH_RUNNING(Kind.GAUGE, "tasks that this node watches"),
  DISPATCH_REATTEMPTS(Kind.COUNTER, "tasks that were run again because their first run was lost"),
  DISPATCH_REQUEUED(Kind.COUNTER, "tasks that went back into the queue because their instance did not run them"),
  DISPATCH_CIRCUITS_OPENED(Kind.COUNTER, "times that an instance got no tasks for a while because of its faults"),
  DISPATCH_GAVE_UP(Kind.COUNTER, "tasks that ended because their instance was out for longer than instance.give_up"),
  DISPATCH_ADOPTED(Kind.COUNTER, "tasks taken over from a node that was gone"),
  DISPATCH_RECOVERED(Kind.COUNTER, "tasks found at an instance that the store had lost, or believed waiting"),
  DISPATCH_COMPLETED(Kind.COUNTER, "tasks that ran to their end"),
  DISPATCH_FAILED(Kind.COUNTER, "tasks that failed"),
  DISPATCH_CANCELLED(Kind.COUNTER, "tasks that were cancelled while they ran"),
  DISPATCH_TIMED_OUT(Kind.COUNTER, "tasks that ran longer than task.timeout"),
  DISPATCH_LOST(Kind.COUNTER, "tasks that their instance lost as often as they may be tried"),

  INJECTION_DONE(Kind.COUNTER, "pages sent with the script in them"),
  INJECTION_SKIPPED_SWITCHED_OFF(Kind.COUNTER, "pages sent as they were: page.injection is off"),
  INJECTION_SKIPPED_NOT_A_PAGE_PATH(Kind.COUNTER, "pages sent as they were: no page is expected at this path"),
  INJECTION_SKIPPED_INSTANCE_UNREACHABLE(Kind.COUNTER, "pages not sent: the instance did not answer"),
  INJECTION_SKIPPED_STATUS_NOT_200(Kind.COUNTER, "pages sent as they were: the instance answered another status"),
  INJECTION_SKIPPED_NOT_HTML(Kind.COUNTER, "pages sent as they were: not HTML"),
  INJECTION_SKIPPED_TOO_LARGE(Kind.COUNTER, "pages sent as they were: too large to be inspected"),
  INJECTION_SKIPPED_ENCODED(Kind.COUNTER, "pages sent as they were: compressed although Anteroom did not ask for it"),
  INJECTION_SKIPPED_SETS_COOKIE(Kind.COUNTER, "pages sent as they were: they set a cookie"),
  INJECTION_SKIPPED_CHARSET(Kind.COUNTER, "pages sent as they were: in a character encoding other than UTF-8"),
  INJECTION_SKIPPED_ALREADY_THERE(Kind.COUNTER, "pages sent as they were: the script was in them"),
  INJECTION_SKIPPED_CSP_SANDBOX(Kind.COUNTER, "pages sent as they were: their policy puts them into a sandbox"),
  INJECTION_SKIPPED_CSP_SCRIPT(Kind.COUNTER, "pages sent as they were: their policy forbids the script"),
  INJECTION_SKIPPED_NO_TAG(Kind.COUNTER, "pages sent as they were: no place for the script was found"),
  INJECTION_SKIPPED_UNEXPECTED(Kind.COUNTER, "pages sent as they were: an error of Anteroom's own"),
  INJECTION_ALERTS(Kind.GAUGE, "instances whose page the script does not reach, or does not run in"),

  EDGE_REQUESTS(Kind.COUNTER, "HTTP requests of students"),
  EDGE_SUBMITS_SCRIPT(Kind.COUNTER, "submits that came in by the script in the page"),
  EDGE_SUBMITS_PROXY(Kind.COUNTER, "submits that were caught on their way to an instance"),
  EDGE_SUBMITS_API(Kind.COUNTER, "submits that came in by the queue API"),
  EDGE_UPSTREAM_FAILURES(Kind.COUNTER, "requests that an instance did not answer"),
  EDGE_SOCKETS(Kind.GAUGE, "browser sockets that are open"),
  EDGE_SESSIONS(Kind.GAUGE, "sessions of pages, with or without a browser at the moment"),

  HEAP_USED_BYTES(Kind.GAUGE, "memory of the JVM that is in use"),
  EVENT_LOOP_LAG_MS(Kind.HIGHEST, "longest delay of a timer of the metrics' event loop in the last second"),
  UPTIME_SECONDS(Kind.HIGHEST, "how long the node has run"),

  CLUSTER_MEMBERS(Kind.SHARED, "nodes in this node's cluster, itself among them; where more run, it is split"),

  /** Of the cluster only. */
  CLUSTER_NODES(Kind.SHARED, "nodes that published their metrics in the last five seconds");

  private final String word = name().toLowerCase(Locale.ROOT);
  private final Kind kind;
  private final String meaning;

  Metric(Kind kind, String meaning) {
    this.kind = kind;
    this.meaning = meaning;
  }

  /** How a metric behaves, and how the values of several nodes are aggregated. */
  public enum Kind {
    /** Only grows, from the start of its node; the sum counts. */
    COUNTER(Long::sum),
    /** Goes up and down; the sum counts. */
    GAUGE(Long::sum),
    /** Goes up and down; the highest counts. */
    HIGHEST(Math::max),
    /** All nodes read it from the same place; the newest counts. */
    SHARED((older, newer) -> newer),
    /** The same, but it only grows, whatever nodes come and go. */
    TOTAL(Math::max);

    private final LongBinaryOperator both;

    Kind(LongBinaryOperator both) {
      this.both = both;
    }

    /** The aggregate of an older and a newer value. */
    public long both(long older, long newer) {
      return both.applyAsLong(older, newer);
    }

    /** Whether it never falls. */
    public boolean onlyGrows() {
      return this == COUNTER || this == TOTAL;
    }
  }

  /** The name under which it is published. */
  public String word() {
    return word;
  }

  public Kind kind() {
    return kind;
  }

  public String meaning() {
    return meaning;
  }

  /** The name of the total of an event of tasks over the whole lab. */
  public static String ofLab(String event) {
    return "lab_" + event;
  }

  /** The metric of this name. */
  public static Optional<Metric> of(String word) {
    return Stream.of(values()).filter(metric -> metric.word.equals(word)).findFirst();
  }
}
