package io.anteroom.api;

import io.anteroom.bus.Bus;
import io.anteroom.bus.DispatchServices;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.Figure;
import io.anteroom.bus.QueueServices.Submit;
import io.anteroom.bus.QueueServices.Via;
import io.anteroom.bus.Tally;
import io.anteroom.config.Directory;
import io.anteroom.config.User;
import io.anteroom.queue.Receipt;
import io.anteroom.queue.Submission;
import io.anteroom.queue.TaskQueue;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a run into the queue and answers where it stands there. */
final class Submissions {
  private static final Logger log = LoggerFactory.getLogger(Submissions.class);

  /** So long an answer is held back for the good news that the task runs already. */
  private static final int START_PATIENCE_MILLIS = 300;

  private final TaskQueue queue;
  private final Supplier<Directory> directory;
  private final long bodyLimit;
  private final Bus bus;
  private final Tally tally;

  Submissions(TaskQueue queue, Supplier<Directory> directory, long bodyLimit, Bus bus, Tally tally) {
    this.queue = queue;
    this.directory = directory;
    this.bodyLimit = bodyLimit;
    this.bus = bus;
    this.tally = tally;
  }

  /** Answered when the task is stored; a refusal means that nothing was, or that it is not known. */
  Future<TaskStatus> submit(Submit submit) {
    return Future.succeededFuture(submit)
      .map(this::inspected)
      .compose(queue::submit)
      .onFailure(failure -> tally.count(Figure.QUEUE_REFUSED.word()))
      .compose(receipt -> settled(submit, receipt));
  }

  private Submission inspected(Submit submit) {
    String pool = pool(submit.user());
    if (submit.body().length() > bodyLimit) {
      throw ApiRefusals.tooLarge(submit.body().length(), bodyLimit);
    }
    Run run = Inspection.inspect(submit.user(), submit.body());
    return new Submission(run.id(), submit.user(), pool, run.front(), run.clientId(), run.body().stored());
  }

  private String pool(String name) {
    Directory now = directory.get();
    User user = now.user(name).orElseThrow(() -> ApiRefusals.unknownUser(name));
    return now.pool(user).orElseThrow(() -> ApiRefusals.noInstance(name, user.instance()));
  }

  /** What follows a stored task; nothing of it may turn the answer into a failure any more. */
  private Future<TaskStatus> settled(Submit submit, Receipt receipt) {
    TaskStatus stored = receipt.status();
    if (receipt.repeated()) {
      tally.count(Figure.QUEUE_REPEATED.word());
    } else {
      noteNew(stored, submit.via());
    }
    return receipt.startable() ? startedOr(stored) : Future.succeededFuture(stored);
  }

  private void noteNew(TaskStatus stored, Via via) {
    Figure way = switch (via) {
      case SCRIPT -> Figure.QUEUE_SUBMITTED_SCRIPT;
      case PROXY -> Figure.QUEUE_SUBMITTED_PROXY;
      case API -> Figure.QUEUE_SUBMITTED_API;
    };
    tally.count(way.word());
    log.info("Task queued: task={} user={} position={} via={}", stored.id(), stored.user(), stored.position(), via);
    bus.tell(Events.TASK,
      new TaskEvent(stored.id(), stored.user(), Happened.SUBMITTED, stored.state(), stored.instance()));
  }

  /** Has this node's dispatcher look at once, and all the others when the task still waits then. */
  private Future<TaskStatus> startedOr(TaskStatus stored) {
    return bus.ask(DispatchServices.FILL, null)
      .timeout(START_PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
      .otherwiseEmpty()
      .compose(looked -> queue.status(stored.id()))
      .map(now -> now.orElse(stored))
      .otherwise(stored)
      .onSuccess(this::wakeOthers);
  }

  private void wakeOthers(TaskStatus now) {
    if (now.state() == TaskState.QUEUED) {
      bus.tell(Events.WAKE, null);
    }
  }
}
