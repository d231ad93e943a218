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

/** Cancels tasks: a waiting one ends at once, a running one is interrupted by its dispatcher. */
final class CancelHandler {
  private static final Logger log = LoggerFactory.getLogger(CancelHandler.class);

  private final TaskQueue queue;
  private final Bus bus;
  private final MetricsRegistry metrics;

  CancelHandler(TaskQueue queue, Bus bus, MetricsRegistry metrics) {
    this.queue = queue;
    this.bus = bus;
    this.metrics = metrics;
  }

  /** Replies when the request is stored; {@code processing} in the reply says that the run has yet to stop. */
  Future<TaskStatus> cancel(Cancel cancel) {
    return queue.cancel(cancel.id(), cancel.user()).map(this::publish);
  }

  /** Replies when the task is out of the queue, or is known to run. */
  Future<TaskStatus> withdraw(Cancel withdraw) {
    return queue.withdraw(withdraw.id(), withdraw.user()).map(this::publish);
  }

  private TaskStatus publish(Cancelled cancelled) {
    if (cancelled.first()) {
      publishCancel(cancelled.task());
    }
    return cancelled.task();
  }

  private void publishCancel(TaskStatus now) {
    metrics.count(Metric.QUEUE_CANCELLED.word());
    log.info("Cancel requested: task={} user={} state={}", now.id(), UserName.logged(now.user()),
      now.state().word());
    Happened happened = now.state().isFinal() ? Happened.FINISHED : Happened.CANCEL_ASKED;
    bus.publish(Events.TASK, new TaskEvent(now.id(), now.user(), happened, now.state(), now.instance()));
    bus.publish(Events.WAKE, null);
  }
}
