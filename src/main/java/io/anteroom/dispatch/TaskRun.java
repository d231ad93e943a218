package io.anteroom.dispatch;

import io.anteroom.async.SerialTask;
import io.anteroom.bus.DispatchServices.Started;
import io.anteroom.cluster.ClusterSemaphore.Permit;
import io.anteroom.comfy.PostResult;
import io.anteroom.comfy.RunState;
import io.anteroom.dispatch.RunContext.ClaimLost;
import io.anteroom.dispatch.RunDecision.RequestedEnd;
import io.anteroom.dispatch.RunDecision.StuckRun;
import io.anteroom.queue.Claim;
import io.anteroom.queue.InstanceFault;
import io.anteroom.queue.Outcome;
import io.anteroom.task.TaskState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task at its instance, from the claim until the instance reports its end.
 *
 * <p>Lives on the dispatcher's event loop. Every step that changes something asks the store whether the claim still
 * holds; when it does not, another node watches the task, and this run is abandoned.
 */
final class TaskRun {
  private static final Logger log = LoggerFactory.getLogger(TaskRun.class);

  private final RunContext context;
  private final Listener listener;
  private final Permit permit;
  private final RunDeadlines deadlines;
  private final TaskSender sender;
  private final SerialTask poll;
  private final FaultDetector faults;
  private Claim claim;
  private Future<Started> started = Future.succeededFuture(new Started.Unknown());
  private boolean accepted;
  /** The report to the store that the instance accepted this attempt; null when none is under way. */
  private Future<Void> accepting;
  private boolean over;
  private int absences;
  /** Whether the instance was polled yet: until then the task may wait in its queue, where its time does not count. */
  private boolean polled;
  /** Whether it waited in the queue of its instance, and the store does not know yet that it runs now. */
  private boolean waited;

  TaskRun(RunContext context, Listener listener, Claim claim, Permit permit) {
    this.context = context;
    this.listener = listener;
    this.claim = claim;
    this.permit = permit;
    this.deadlines = new RunDeadlines(context.settings(), context.ticker());
    this.sender = new TaskSender(context, deadlines, this::isWanted);
    this.poll = new SerialTask(context.vertx(), this::pollInstance);
    this.faults = new FaultDetector(context.settings(), context.giveUp(), context.ticker());
  }

  Claim claim() {
    return claim;
  }

  Permit permit() {
    return permit;
  }

  /** What the instance replied to the request; unknown where there was no request, or no reply. Never fails. */
  Future<Started> started() {
    return started;
  }

  /** Whether a request is on its way at this moment. */
  boolean isSending() {
    return sender.isSending();
  }

  /** Starts where the former owner, if there was one, left off. */
  Future<Void> begin() {
    if (claim.cancelled()) {
      deadlines.requestEnd(RequestedEnd.CANCEL);
    }
    return switch (claim.stage()) {
      case CLAIMED -> send();
      case SUBMITTING -> {
        deadlines.adopted();
        yield poll();
      }
      case RUNNING -> {
        accepted = true;
        deadlines.running(Duration.ofMillis(claim.runningMillis()));
        yield poll();
      }
    };
  }

  /** Its user cancelled it. */
  void cancel() {
    if (deadlines.requestEnd(RequestedEnd.CANCEL)) {
      tick();
    }
  }

  /** The claim does not hold any more. */
  void abandon() {
    if (!over) {
      over = true;
      listener.abandoned(this);
    }
  }

  /** Called periodically while it lasts: enforces the timeout, and polls in case no hint came. */
  void tick() {
    if (over || sender.isSending()) {
      return;
    }
    if (polled) {
      deadlines.enforceTimeout();
    }
    faults.stuck().ifPresentOrElse(this::stuck, this::repeatRequests);
  }

  /** It published its progress, so the instance runs it, whether or not it answers. */
  void onProgress() {
    faults.onProgress();
  }

  /** Asks the instance for the state of the run and acts on it. */
  Future<Void> poll() {
    return poll.request();
  }

  private Future<Void> pollInstance() {
    if (over || sender.isSending()) {
      return Future.succeededFuture();
    }
    boolean inFlight = deadlines.isInFlight();
    long polledAt = context.ticker().nanos();
    // A fence changes something at the instance. While the store is away the instance is not silent, it was not asked.
    boolean fenced = absences > 0 && !inFlight;
    return (fenced ? context.holds(claim) : Future.succeededFuture(true))
      .compose(holds -> holds ? context.runState(claim, fenced)
        .compose(state -> act(state, inFlight, polledAt), this::pollFailed) : leave())
      .recover(storeIsAway -> poll.runSoon());
  }

  private boolean isWanted() {
    return !over && deadlines.requestedEnd() == RequestedEnd.NONE;
  }

  private Future<Void> send() {
    if (deadlines.requestedEnd() != RequestedEnd.NONE) {
      return end(RunDecision.stopped(deadlines.requestedEnd())).mapEmpty();
    }
    Future<Optional<PostResult>> result = sender.send(claim);
    Future<Boolean> rejected = result.compose(this::sent, storeIsAway -> leave().map(false));
    started = result.compose(post -> started(post, rejected)).otherwise(new Started.Unknown());
    return rejected.<Void>mapEmpty().eventually(this::repeatRequests);
  }

  /** An acceptance is reported at once; a refusal when the store says that the submitter waits for it. */
  private static Future<Started> started(Optional<PostResult> result, Future<Boolean> rejected) {
    if (result.orElse(null) instanceof PostResult.Accepted accepted) {
      return Future.succeededFuture(new Started.Accepted(accepted.nodeErrors()));
    }
    return rejected.map(isRejected -> isRejected && result.get() instanceof PostResult.Refused refused
      ? new Started.Rejected(refused.whole()) : new Started.Unknown());
  }

  /** Acts on the instance's reply; answers whether the task is rejected. */
  private Future<Boolean> sent(Optional<PostResult> result) {
    if (over || result.isEmpty()) {
      return notSent().map(false);
    }
    if (result.get() instanceof PostResult.Refused refused) {
      // A later attempt was accepted before, or may have been: its submitter has an answer.
      return end(claim.attempt() == 1 ? Outcome.refused(refused.error())
        : Outcome.of(TaskState.FAILED, refused.error()));
    }
    if (result.get() instanceof PostResult.Failed failed) {
      return end(Outcome.of(TaskState.FAILED, failed.error()));
    }
    faults.onPostResult(claim, result.get());
    if (result.get() instanceof PostResult.Unreachable) {
      return requeue().map(false);
    }
    return (result.get() instanceof PostResult.Accepted ? accept() : Future.<Void>succeededFuture()).map(false);
  }

  private Future<Void> notSent() {
    return over || deadlines.requestedEnd() == RequestedEnd.NONE ? leave()
      : end(RunDecision.stopped(deadlines.requestedEnd())).mapEmpty();
  }

  /** Repeats what is requested of the instance, and polls whether it has happened. */
  private Future<Void> repeatRequests() {
    if (!over && deadlines.requestedEnd() != RequestedEnd.NONE) {
      context.stop(claim).onSuccess(deadlines::stopRequested).onFailure(this::abandonWhenLost);
    } else if (faults.isStalled()) {
      context.remove(claim).onSuccess(faults::removalRequested).onFailure(this::abandonWhenLost);
    }
    return poll();
  }

  private void abandonWhenLost(Throwable failure) {
    if (failure instanceof ClaimLost) {
      abandon();
    }
  }

  /** Tells the store that the instance has it; when the store is away, the next poll does so. */
  private Future<Void> accept() {
    if (!deadlines.isRunning()) {
      deadlines.running(Duration.ZERO);
    }
    if (accepting == null) {
      accepting = context.markAccepted(claim)
        .onComplete(answered -> accepting = null)
        .onSuccess(valid -> accepted = valid)
        .compose(valid -> valid ? Future.<Void>succeededFuture() : leave())
        .otherwiseEmpty();
    }
    return accepting;
  }

  /** @param inFlight whether a request could still reach the instance when it was polled */
  private Future<Void> act(RunState state, boolean inFlight, long polledAt) {
    if (over) {
      return Future.succeededFuture();
    }
    polled = true;
    absences = state instanceof RunState.Absent ? absences + 1 : 0;
    faults.onRunState(claim, state);
    RunDecision decision = RunDecision.of(state, facts(inFlight));
    return switch (decision.what()) {
      case WATCH -> deadlines.stuck(polledAt).map(this::stuck).orElseGet(() -> watch(state));
      case POLL_AGAIN -> poll.runSoon();
      case FINISH -> end(decision.outcome().orElseThrow()).mapEmpty();
      case SEND_AGAIN -> sendAgain();
      case REQUEUE -> requeue();
    };
  }

  private RunDecision.Facts facts(boolean inFlight) {
    boolean lastTry = !claim.isSendable() || claim.attempt() - claim.unspent() >= context.settings().maxAttempts();
    boolean faulted = claim.isSendable() && faults.fault().isPresent();
    return new RunDecision.Facts(deadlines.requestedEnd(), inFlight, absences, lastTry, faulted);
  }

  private Future<Void> watch(RunState state) {
    if (state instanceof RunState.Pending) {
      waited = true;
      deadlines.notRunning();
    } else if (!deadlines.isRunning()) {
      deadlines.running(Duration.ZERO);
    }
    if (!accepted) {
      return accept();
    }
    return waited && deadlines.isRunning() ? began() : Future.succeededFuture();
  }

  /** Tells the store when its time began, for a node that takes over; when the store is away, the next poll does so. */
  private Future<Void> began() {
    return context.queue().began(claim).compose(valid -> {
      waited = false;
      return valid ? Future.succeededFuture() : leave();
    });
  }

  private Future<Void> stuck(StuckRun stuck) {
    over = true;
    listener.stuck(this, stuck);
    return Future.succeededFuture();
  }

  private Future<Void> pollFailed(Throwable failure) {
    log.debug("The instance did not report the state of the task, polling again: task={} instance={} cause={}",
      claim.id(), claim.instance(), failure.getMessage());
    polled = true;
    absences = 0;
    faults.onNoAnswer();
    return poll.runSoon();
  }

  /** Proven gone: the next attempt runs in the same place, under the same id. */
  private Future<Void> sendAgain() {
    log.warn("The instance lost the task, sending it again: task={} instance={} attempt={}",
      claim.id(), claim.instance(), claim.attempt() + 1);
    return context.reattempt(claim).compose(retry -> switch (retry) {
      case IN_PLACE -> resend();
      case WAITS -> requeuedByStore();
      case NOT_OURS -> leave();
    });
  }

  private Future<Void> requeuedByStore() {
    over = true;
    listener.requeued(this);
    return Future.succeededFuture();
  }

  private Future<Void> resend() {
    claim = claim.nextAttempt();
    accepted = false;
    waited = false;
    absences = 0;
    deadlines.notRunning();
    return send();
  }

  private Future<Boolean> end(Outcome outcome) {
    over = true;
    return listener.ended(this, outcome);
  }

  private Future<Void> requeue() {
    over = true;
    return listener.faulted(this, faults.fault().orElseThrow());
  }

  private Future<Void> leave() {
    abandon();
    return Future.succeededFuture();
  }

  /** Learns how a run came off. Exactly one of these is called, once. */
  interface Listener {

    /**
     * The instance reported its end, or refused it. Answers whether the task is rejected, so that its submitter gets
     * the error.
     */
    Future<Boolean> ended(TaskRun run, Outcome outcome);

    /** The task certainly did not run, by a fault of its instance. */
    Future<Void> faulted(TaskRun run, InstanceFault fault);

    /** Its run was lost once more, and the store has put it back into the queue. */
    void requeued(TaskRun run);

    /** The instance did not end it in time. */
    void stuck(TaskRun run, StuckRun stuck);

    /** Another node watches it now. */
    void abandoned(TaskRun run);
  }
}
