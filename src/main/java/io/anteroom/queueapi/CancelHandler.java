package io.anteroom.queueapi;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.SubmissionServices.Cancel;
import io.anteroom.directory.UserName;
import io.anteroom.metrics.Metric;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.TaskQueue;
import io.anteroom.queue.TaskQueue.Cancelled;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a waiting task at once, and has a running one stopped. */
final class CancelHandler {
  private static final Logger log = LoggerFactory.getLogger(CancelHandler.class);

  private final TaskQueue queue;
  private final Bus bus;
  private final MetricsRegistry tally;

  CancelHandler(TaskQueue queue, Bus bus, MetricsRegistry tally) {
    this.queue = queue;
    this.bus = bus;
    this.tally = tally;
  }

  /** Answered when the wish is stored; {@code processing} in the answer says that the run is still to be stopped. */
  Future<TaskStatus> cancel(Cancel cancel) {
    return queue.cancel(cancel.id(), cancel.user()).map(this::told);
  }

  /** Answered when the task is out of the queue, or seen to run. */
  Future<TaskStatus> withdraw(Cancel withdraw) {
    return queue.withdraw(withdraw.id(), withdraw.user()).map(this::told);
  }

  private TaskStatus told(Cancelled cancelled) {
    if (cancelled.first()) {
      tell(cancelled.task());
    }
    return cancelled.task();
  }

  private void tell(TaskStatus now) {
    tally.count(Metric.QUEUE_CANCELLED.word());
    log.info("Cancel asked for: task={} user={} state={}", now.id(), UserName.logged(now.user()),
      now.state().word());
    Happened happened = now.state().isFinal() ? Happened.FINISHED : Happened.CANCEL_ASKED;
    bus.publish(Events.TASK, new TaskEvent(now.id(), now.user(), happened, now.state(), now.instance()));
    bus.publish(Events.WAKE, null);
  }
}
