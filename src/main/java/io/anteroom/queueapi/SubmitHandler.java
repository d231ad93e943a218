package io.anteroom.queueapi;

import io.anteroom.bus.Bus;
import io.anteroom.bus.DispatchServices;
import io.anteroom.bus.DispatchServices.Started;
import io.anteroom.bus.Events;
import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.Submit;
import io.anteroom.bus.SubmissionServices.Submitted;
import io.anteroom.bus.SubmissionServices.Upload;
import io.anteroom.bus.SubmissionServices.Via;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.directory.UserName;
import io.anteroom.metrics.Metric;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.Payload;
import io.anteroom.queue.Submission;
import io.anteroom.queue.Submission.Receipt;
import io.anteroom.queue.Submission.Rejectable;
import io.anteroom.queue.TaskQueue;
import io.anteroom.queueapi.SubmitHandler.Intake.Taken;
import io.anteroom.queueapi.request.RequestBlocks;
import io.anteroom.queueapi.request.StrictJsonParser;
import io.anteroom.queueapi.request.SubmissionErrors;
import io.anteroom.queueapi.validation.EarlyValidation;
import io.anteroom.queueapi.validation.RequestSanitizer;
import io.anteroom.queueapi.validation.RequestSanitizer.Run;
import io.anteroom.queueapi.validation.ValidationResult;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits runs to the queue. Idempotent by task id.
 *
 * <p>A run is stored first. If an instance is free, it validates the run at once and its response is returned. A run
 * that has to wait is validated by what is known of the instance. A refused run was never a task: nothing of it is
 * stored, and it never runs.
 */
final class SubmitHandler {
  private static final Logger log = LoggerFactory.getLogger(SubmitHandler.class);

  /** The clock of the store may run a little slower than ours. */
  private static final Duration REJECTION_WINDOW = TaskQueue.ANSWER_WITHIN.plusMillis(500);

  private final TaskQueue queue;
  private final Intake intake;
  private final Bus bus;
  private final MetricsRegistry metrics;
  private final Duration startTimeout;
  private final Function<Duration, Future<Void>> pause;

  /**
   * @param startTimeout how long to wait for the instance to accept or refuse the run
   * @param pause        a timer
   */
  SubmitHandler(TaskQueue queue, Intake intake, Bus bus, MetricsRegistry metrics, Duration startTimeout,
      Function<Duration, Future<Void>> pause) {
    this.queue = queue;
    this.intake = intake;
    this.bus = bus;
    this.metrics = metrics;
    this.startTimeout = startTimeout;
    this.pause = pause;
  }

  /** Replies when the task is stored; an error means that nothing was stored, nor will be. */
  Future<Submitted> submit(Submit submit) {
    return inTime(submit)
      .compose(intake::take)
      .compose(taken -> queue.submit(taken.submission(), submit.until()).compose(receipt -> receipt.repeated()
        ? repeated(receipt) : settled(taken, receipt).onSuccess(submitted -> recordNew(submitted, submit.via()))))
      .onFailure(failure -> metrics.count(Metric.QUEUE_REFUSED.word()));
  }

  /** Refuses a request that has waited too long, before its body is parsed. */
  private Future<Submit> inTime(Submit submit) {
    return queue.time().compose(now -> now.isAfter(submit.until())
      ? Future.failedFuture(ApiException.tooLate()) : Future.succeededFuture(submit));
  }

  private Future<Submitted> repeated(Receipt receipt) {
    metrics.count(Metric.QUEUE_REPEATED.word());
    return Future.succeededFuture(new Submitted(receipt.status()));
  }

  /** An error from here on has removed the task from the store again. */
  private Future<Submitted> settled(Taken taken, Receipt receipt) {
    long stored = System.nanoTime();
    return receipt.startable() ? started(receipt.status(), taken, stored) : waiting(receipt.status(), taken, stored);
  }

  /** Requests this node's dispatcher to start it, and returns the response of the instance. */
  private Future<Submitted> started(TaskStatus status, Taken taken, long stored) {
    return bus.requestIfPresent(DispatchServices.START, status.id())
      .map(answer -> answer.orElseGet(Started.Unknown::new))
      .timeout(startTimeout.toMillis(), TimeUnit.MILLISECONDS)
      .otherwise(new Started.Unknown())
      .compose(answer -> {
        if (answer instanceof Started.Rejected rejected) {
          return Future.failedFuture(ApiException.byComfyUi(rejected.error()));
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

  /** The parts that will not run; fails if nothing would run, and removes the task. */
  private Future<String> objected(TaskId id, Taken taken) {
    return intake.objection(taken).compose(objection -> objection.refusal().isEmpty()
      ? Future.succeededFuture(objection.nodeErrors())
      : queue.reject(id).otherwise(false).compose(rejected -> rejected
        ? Future.failedFuture(objection.refusal().get())
        : Future.succeededFuture(Intake.NO_ERRORS)));
  }

  /**
   * Records in the store that the submitter gets a reply now. If that fails, the reply waits until the task can no
   * longer be rejected: an acknowledged task must not vanish.
   */
  private Future<Submitted> acknowledged(TaskStatus status, String nodeErrors, long stored) {
    return queue.acknowledge(status.id())
      .map(now -> now.orElse(status))
      .recover(failure -> failure instanceof ApiException refusal && refusal.code() == ApiException.Code.INVALID_PROMPT
        ? Future.failedFuture(failure)
        : pause.apply(REJECTION_WINDOW.minusNanos(System.nanoTime() - stored)).map(status))
      .map(now -> new Submitted(now, nodeErrors));
  }

  private void recordNew(Submitted submitted, Via via) {
    TaskStatus task = submitted.task();
    Metric way = switch (via) {
      case SCRIPT -> Metric.QUEUE_SUBMITTED_SCRIPT;
      case PROXY -> Metric.QUEUE_SUBMITTED_PROXY;
      case API -> Metric.QUEUE_SUBMITTED_API;
    };
    metrics.count(way.word());
    log.info("Task queued: task={} user={} position={} via={}", task.id(),
      UserName.logged(task.user()), task.position(), via);
  }

  private void wakeOthers(Submitted submitted) {
    if (submitted.task().state() == TaskState.QUEUED) {
      bus.publish(Events.WAKE, null);
    }
  }

  /** Sanitizes requests, and validates them ahead of the instance. */
  static final class Intake {
    static final String NO_ERRORS = "{}";

    private final Supplier<Directory> directory;
    private final long bodyLimit;
    private final EarlyValidation early;
    private final Function<Upload, RequestBlocks> uploads;

    /** @param uploads fetches the blocks of a large body */
    Intake(Supplier<Directory> directory, long bodyLimit, EarlyValidation early, Function<Upload,
        RequestBlocks> uploads) {
      this.directory = directory;
      this.bodyLimit = bodyLimit;
      this.early = early;
      this.uploads = uploads;
    }

    /**
     * A run that may be stored.
     *
     * @param suspected what its instance would probably object to
     * @param asks      whether its instance supports dry runs
     */
    record Taken(Submission submission, Run run, Optional<Instance> home, ValidationResult suspected, boolean asks) {
      /** Whether a waiting run may still be objected to. */
      boolean isUndecided() {
        return asks || suspected.objects();
      }
    }

    /** An objection to a run: the error, or the parts that will not run. */
    record Objection(Optional<ApiException> refusal, String nodeErrors) {
      private static Objection of(ValidationResult result) {
        return result.error().isPresent()
          ? new Objection(Optional.of(SubmissionErrors.asComfySays(result.answer())), NO_ERRORS)
          : new Objection(Optional.empty(), result.nodeErrors().encode());
      }
    }

    /** Fails if the run cannot be made harmless; does not consider objections of the instance. */
    Future<Taken> take(Submit submit) {
      Directory now = directory.get();
      User user = now.user(submit.user()).or(() -> now.member(submit.user()))
        .orElseThrow(() -> SubmissionErrors.unknownUser(submit.user()));
      String pool = now.pool(user).orElseThrow(() -> SubmissionErrors.noInstance(user.name(), user.instance()));
      if (submit.length() > bodyLimit) {
        throw SubmissionErrors.tooLarge(submit.length(), bodyLimit);
      }
      return inspected(submit).map(run -> taken(run, user, pool, now.home(user)));
    }

    private Future<Run> inspected(Submit submit) {
      return submit.upload().map(upload -> {
        RequestBlocks blocks = uploads.apply(upload);
        StrictJsonParser reader = new StrictJsonParser(RequestSanitizer::keeping);
        int count = (int) ((upload.length() + SubmissionServices.BLOCK - 1) / SubmissionServices.BLOCK);
        return Payload.inTurn(0, count, index -> blocks.block(index).map(block -> {
          reader.read(block.getBytes(), 0, block.length());
          return null;
        })).map(read -> RequestSanitizer.inspect(submit.user(), reader.end(), blocks));
      }).orElseGet(() -> Future.succeededFuture(RequestSanitizer.inspect(submit.user(), submit.body())));
    }

    private Taken taken(Run run, User user, String pool, Optional<Instance> home) {
      boolean asks = home.filter(instance -> early.canBeAsked(run, instance)).isPresent();
      ValidationResult suspected = home.map(instance -> early.suspected(run, instance))
        .orElse(ValidationResult.NOTHING);
      Submission submission = new Submission(run.id(), user.name(), pool, run.front(), run.clientId(),
        run.payload(), run.secrets(),
        asks || suspected.objects() ? Rejectable.ANYHOW : Rejectable.AT_START);
      return new Taken(submission, run, home, suspected, asks);
    }

    /** What the instance of a waiting run certainly objects to. Never fails. */
    Future<Objection> objection(Taken taken) {
      Future<Optional<TaskError>> asked = taken.asks() ? early.asked(taken.run(), taken.home().orElseThrow())
        : Future.succeededFuture(Optional.empty());
      return asked.compose(error -> error.isPresent()
        ? Future.succeededFuture(new Objection(error.map(ApiException::byComfyUi), NO_ERRORS))
        : confirmed(taken).map(Objection::of));
    }

    private Future<ValidationResult> confirmed(Taken taken) {
      return taken.suspected().objects()
        ? early.confirmed(taken.suspected(), taken.run(), taken.home().orElseThrow())
        : Future.succeededFuture(ValidationResult.NOTHING);
    }
  }
}
