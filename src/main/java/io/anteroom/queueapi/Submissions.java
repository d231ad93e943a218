package io.anteroom.queueapi;

import io.anteroom.bus.Bus;
import io.anteroom.bus.DispatchServices;
import io.anteroom.bus.DispatchServices.Started;
import io.anteroom.bus.Events;
import io.anteroom.bus.QueueServices.Submit;
import io.anteroom.bus.QueueServices.Submitted;
import io.anteroom.bus.QueueServices.Via;
import io.anteroom.directory.UserName;
import io.anteroom.metrics.Figure;
import io.anteroom.metrics.Tally;
import io.anteroom.queue.Receipt;
import io.anteroom.queue.TaskQueue;
import io.anteroom.queueapi.Intake.Taken;
import io.anteroom.task.Refusal;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a run into the queue and answers what became of it.
 *
 * <p>It is stored first. When a place is free, its instance judges it at once and the answer is the instance's own. One
 * that has to wait is judged by what is known of the instance. What is refused in either way was never a task: nothing
 * of it is left, and it never runs.
 */
final class Submissions {
  private static final Logger log = LoggerFactory.getLogger(Submissions.class);

  /** The clock of the store may go a little slower than ours. */
  private static final Duration UNTIL_NO_REJECTION = TaskQueue.ANSWER_WITHIN.plusMillis(500);

  private final TaskQueue queue;
  private final Intake intake;
  private final Bus bus;
  private final Tally tally;
  private final Duration startTimeout;
  private final Function<Duration, Future<Void>> pause;

  /**
   * @param startTimeout how long an answer is held back for what the instance says to the run
   * @param pause        a future that is done after so long
   */
  Submissions(TaskQueue queue, Intake intake, Bus bus, Tally tally, Duration startTimeout,
      Function<Duration, Future<Void>> pause) {
    this.queue = queue;
    this.intake = intake;
    this.bus = bus;
    this.tally = tally;
    this.startTimeout = startTimeout;
    this.pause = pause;
  }

  /** Answered when the task is stored; a refusal means that nothing was, and never will be. */
  Future<Submitted> submit(Submit submit) {
    return inTime(submit)
      .compose(intake::take)
      .compose(taken -> queue.submit(taken.submission(), submit.until()).compose(receipt -> receipt.repeated()
        ? repeated(receipt) : settled(taken, receipt).onSuccess(submitted -> recordNew(submitted, submit.via()))))
      .onFailure(failure -> tally.count(Figure.QUEUE_REFUSED.word()));
  }

  /** Spares what has waited too long for its turn the reading of its body. */
  private Future<Submit> inTime(Submit submit) {
    return queue.time().compose(now -> now.isAfter(submit.until())
      ? Future.failedFuture(Refusal.tooLate()) : Future.succeededFuture(submit));
  }

  private Future<Submitted> repeated(Receipt receipt) {
    tally.count(Figure.QUEUE_REPEATED.word());
    return Future.succeededFuture(new Submitted(receipt.status()));
  }

  /** A refusal from here on has taken the task out of the store again. */
  private Future<Submitted> settled(Taken taken, Receipt receipt) {
    long stored = System.nanoTime();
    return receipt.startable() ? started(receipt.status(), taken, stored) : waiting(receipt.status(), taken, stored);
  }

  /** Has this node's dispatcher start it, and hears what its instance says. */
  private Future<Submitted> started(TaskStatus status, Taken taken, long stored) {
    return bus.askIfThere(DispatchServices.START, status.id())
      .map(answer -> answer.orElseGet(Started.Unknown::new))
      .timeout(startTimeout.toMillis(), TimeUnit.MILLISECONDS)
      .otherwise(new Started.Unknown())
      .compose(answer -> {
        if (answer instanceof Started.Rejected rejected) {
          return Future.failedFuture(Refusal.byComfyUi(rejected.error()));
        }
        return answer instanceof Started.Accepted accepted
          ? Future.succeededFuture(new Submitted(status.processing(), accepted.nodeErrors()))
          : decided(status, taken, stored).onSuccess(this::wakeOthers);
      });
  }

  private Future<Submitted> waiting(TaskStatus status, Taken taken, long stored) {
    return taken.isUndecided() ? decided(status, taken, stored)
      : Future.succeededFuture(new Submitted(status));
  }

  private Future<Submitted> decided(TaskStatus status, Taken taken, long stored) {
    return objected(status.id(), taken).compose(nodeErrors -> acknowledged(status, nodeErrors, stored));
  }

  /** The parts that will not run; fails with its instance's refusal when nothing would run, and the task is gone. */
  private Future<String> objected(TaskId id, Taken taken) {
    return intake.objection(taken).compose(objection -> objection.refusal().isEmpty()
      ? Future.succeededFuture(objection.nodeErrors())
      : queue.reject(id).otherwise(false).compose(rejected -> rejected
        ? Future.failedFuture(objection.refusal().get())
        : Future.succeededFuture(Intake.NO_ERRORS)));
  }

  /**
   * Tells the store that the submitter has an answer now. When that does not succeed, the answer waits until the task
   * can no longer be rejected: what is answered as stored must not vanish.
   */
  private Future<Submitted> acknowledged(TaskStatus status, String nodeErrors, long stored) {
    return queue.acknowledge(status.id())
      .map(now -> now.orElse(status))
      .recover(failure -> failure instanceof Refusal refusal && refusal.code() == Refusal.Code.INVALID_PROMPT
        ? Future.failedFuture(failure)
        : pause.apply(UNTIL_NO_REJECTION.minusNanos(System.nanoTime() - stored)).map(status))
      .map(now -> new Submitted(now, nodeErrors));
  }

  private void recordNew(Submitted submitted, Via via) {
    TaskStatus task = submitted.task();
    Figure way = switch (via) {
      case SCRIPT -> Figure.QUEUE_SUBMITTED_SCRIPT;
      case PROXY -> Figure.QUEUE_SUBMITTED_PROXY;
      case API -> Figure.QUEUE_SUBMITTED_API;
    };
    tally.count(way.word());
    log.info("Task queued: task={} user={} position={} via={}", task.id(),
      UserName.logged(task.user()), task.position(), via);
  }

  private void wakeOthers(Submitted submitted) {
    if (submitted.task().state() == TaskState.QUEUED) {
      bus.tell(Events.WAKE, null);
    }
  }
}
