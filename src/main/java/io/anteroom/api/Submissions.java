package io.anteroom.api;

import io.anteroom.api.Intake.Taken;
import io.anteroom.bus.Bus;
import io.anteroom.bus.DispatchServices;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.Figure;
import io.anteroom.bus.QueueServices.Submit;
import io.anteroom.bus.QueueServices.Submitted;
import io.anteroom.bus.QueueServices.Via;
import io.anteroom.bus.Tally;
import io.anteroom.queue.Receipt;
import io.anteroom.queue.Submission;
import io.anteroom.queue.TaskQueue;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a run into the queue and answers where it stands there. */
final class Submissions {
  private static final Logger log = LoggerFactory.getLogger(Submissions.class);

  private final TaskQueue queue;
  private final Intake intake;
  private final Bus bus;
  private final Tally tally;
  private final Duration startPatience;

  /** @param startPatience how long an answer is held back for the good news that the task runs already */
  Submissions(TaskQueue queue, Intake intake, Bus bus, Tally tally, Duration startPatience) {
    this.queue = queue;
    this.intake = intake;
    this.bus = bus;
    this.tally = tally;
    this.startPatience = startPatience;
  }

  /** Answered when the task is stored; a refusal means that nothing was, or that it is not known. */
  Future<Submitted> submit(Submit submit) {
    return Future.succeededFuture(submit)
      .compose(intake::take)
      .compose(this::admitted)
      .compose(taken -> queue.submit(taken.submission()).map(receipt -> new Stored(receipt, taken.verdict())))
      .onFailure(failure -> tally.count(Figure.QUEUE_REFUSED.word()))
      .compose(stored -> settled(submit, stored.receipt())
        .map(status -> new Submitted(status, stored.verdict().nodeErrors().encode())));
  }

  private record Stored(Receipt receipt, Verdict verdict) {
  }

  /**
   * Refuses what its instance would refuse; except when it was stored before, since who asks again for the same task is
   * told where it stands.
   */
  private Future<Taken> admitted(Taken taken) {
    if (taken.verdict().error().isEmpty()) {
      return Future.succeededFuture(taken);
    }
    Submission submission = taken.submission();
    return queue.status(submission.id()).compose(known -> known.isPresent()
      ? Future.succeededFuture(new Taken(submission, Verdict.NOTHING))
      : Future.failedFuture(ApiRefusals.asComfySays(taken.verdict().answer())));
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
      .timeout(startPatience.toMillis(), TimeUnit.MILLISECONDS)
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
