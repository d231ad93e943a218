package io.anteroom.dispatch;

import io.anteroom.async.SerialTask;
import io.anteroom.bus.DispatchServices.Started;
import io.anteroom.cluster.ClusterSemaphore.Permit;
import io.anteroom.comfy.PostResult;
import io.anteroom.comfy.RunState;
import io.anteroom.dispatch.RunDecision.Hopeless;
import io.anteroom.dispatch.RunDecision.Wish;
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
 * One task at its instance, from the claim to the instance's word that it has ended.
 *
 * <p>Lives on the dispatcher's event loop. Every step that changes something asks the store whether the claim still
 * holds; when it does not, somebody else watches the task, and this run walks away without a word.
 */
final class TaskRun {
  private static final Logger log = LoggerFactory.getLogger(TaskRun.class);

  private final RunContext bench;
  private final Listener listener;
  private final Permit permit;
  private final RunDeadlines deadlines;
  private final TaskSender sending;
  private final SerialTask look;
  private final FaultDetector suspicion;
  private Claim claim;
  private Future<Started> started = Future.succeededFuture(new Started.Unknown());
  private boolean accepted;
  /** What is being told to the store of this attempt; null when nothing is. */
  private Future<Void> accepting;
  private boolean over;
  private int absences;
  /** Whether the instance was asked yet: in its queue a task may wait whose time does not count. */
  private boolean asked;
  /** Whether it waited in the queue of its instance, and the store has not heard that it runs now. */
  private boolean waited;

  TaskRun(RunContext bench, Listener listener, Claim claim, Permit permit) {
    this.bench = bench;
    this.listener = listener;
    this.claim = claim;
    this.permit = permit;
    this.deadlines = new RunDeadlines(bench.settings(), bench.ticker());
    this.sending = new TaskSender(bench, deadlines, this::isWanted);
    this.look = new SerialTask(bench.vertx(), this::askInstance);
    this.suspicion = new FaultDetector(bench.settings(), bench.patience(), bench.ticker());
  }

  Claim claim() {
    return claim;
  }

  Permit permit() {
    return permit;
  }

  /** What the instance said to the request; unknown where there was none, or nobody can say. Never fails. */
  Future<Started> started() {
    return started;
  }

  /** Whether a request is on its way at this moment. */
  boolean isSending() {
    return sending.isUnderWay();
  }

  /** Starts where the former owner, if there was one, left off. */
  Future<Void> begin() {
    if (claim.cancelled()) {
      deadlines.wish(Wish.CANCEL);
    }
    return switch (claim.stage()) {
      case CLAIMED -> send();
      case SUBMITTING -> {
        deadlines.adopted();
        yield look();
      }
      case RUNNING -> {
        accepted = true;
        deadlines.running(Duration.ofMillis(claim.runningMillis()));
        yield look();
      }
    };
  }

  /** Its user does not want it any more. */
  void cancel() {
    if (deadlines.wish(Wish.CANCEL)) {
      tick();
    }
  }

  /** The claim does not hold any more. */
  void walkAway() {
    if (!over) {
      over = true;
      listener.abandoned(this);
    }
  }

  /** Called again and again while it lasts: minds the time, and looks in case no hint came. */
  void tick() {
    if (over || sending.isUnderWay()) {
      return;
    }
    if (asked) {
      deadlines.mindTheTime();
    }
    suspicion.hopeless().ifPresentOrElse(this::stuck, this::press);
  }

  /** Its progress was heard of, so the instance runs it, whether or not it answers. */
  void progresses() {
    suspicion.progresses();
  }

  /** Asks the instance where it has the task and acts on the answer. */
  Future<Void> look() {
    return look.run();
  }

  private Future<Void> askInstance() {
    if (over || sending.isUnderWay()) {
      return Future.succeededFuture();
    }
    boolean onItsWay = deadlines.isOnItsWay();
    long askedAt = bench.ticker().nanos();
    // To ask for good changes something there. While the store is away the instance is not silent, it was not asked.
    boolean forGood = absences > 0 && !onItsWay;
    return (forGood ? bench.isOurs(claim) : Future.succeededFuture(true))
      .compose(ours -> ours ? bench.whereabouts(claim, forGood)
        .compose(seen -> act(seen, onItsWay, askedAt), this::notSeen) : leave())
      .recover(storeIsAway -> look.runSoon());
  }

  private boolean isWanted() {
    return !over && deadlines.wish() == Wish.NONE;
  }

  private Future<Void> send() {
    if (deadlines.wish() != Wish.NONE) {
      return end(RunDecision.stopped(deadlines.wish())).mapEmpty();
    }
    Future<Optional<PostResult>> answer = sending.send(claim);
    Future<Boolean> rejected = answer.compose(this::sent, storeIsAway -> leave().map(false));
    started = answer.compose(posting -> started(posting, rejected)).otherwise(new Started.Unknown());
    return rejected.<Void>mapEmpty().eventually(this::press);
  }

  /** An acceptance is told at once; a refusal when the store says that it is the submitter's to know. */
  private static Future<Started> started(Optional<PostResult> answer, Future<Boolean> rejected) {
    if (answer.orElse(null) instanceof PostResult.Accepted accepted) {
      return Future.succeededFuture(new Started.Accepted(accepted.nodeErrors()));
    }
    return rejected.map(told -> told && answer.get() instanceof PostResult.Refused refused
      ? new Started.Rejected(refused.whole()) : new Started.Unknown());
  }

  /** Acts on what the instance said; answers whether the task is rejected. */
  private Future<Boolean> sent(Optional<PostResult> answer) {
    if (over || answer.isEmpty()) {
      return notSent().map(false);
    }
    if (answer.get() instanceof PostResult.Refused refused) {
      // A later attempt was accepted before, or may have been: its submitter has an answer.
      return end(claim.attempt() == 1 ? Outcome.refused(refused.error())
        : Outcome.of(TaskState.FAILED, refused.error()));
    }
    if (answer.get() instanceof PostResult.Failed failed) {
      return end(Outcome.of(TaskState.FAILED, failed.error()));
    }
    suspicion.hears(claim, answer.get());
    if (answer.get() instanceof PostResult.Unreachable) {
      return giveBack().map(false);
    }
    return (answer.get() instanceof PostResult.Accepted ? accept() : Future.<Void>succeededFuture()).map(false);
  }

  private Future<Void> notSent() {
    return over || deadlines.wish() == Wish.NONE ? leave() : end(RunDecision.stopped(deadlines.wish())).mapEmpty();
  }

  /** Says again what is wanted of the instance, and sees whether it has happened. */
  private Future<Void> press() {
    if (!over && deadlines.wish() != Wish.NONE) {
      bench.stop(claim).onSuccess(deadlines::stopAsked);
    } else if (suspicion.wantsItBack()) {
      bench.takeBack(claim).onSuccess(suspicion::askedBack);
    }
    return look();
  }

  /** Tells the store that the instance has it; when the store is away, the next look tells it. */
  private Future<Void> accept() {
    if (!deadlines.isRunning()) {
      deadlines.running(Duration.ZERO);
    }
    if (accepting == null) {
      accepting = bench.accepted(claim)
        .onComplete(answered -> accepting = null)
        .onSuccess(valid -> accepted = valid)
        .compose(valid -> valid ? Future.<Void>succeededFuture() : leave())
        .otherwiseEmpty();
    }
    return accepting;
  }

  /** @param onItsWay whether a request could still reach the instance when it was asked */
  private Future<Void> act(RunState seen, boolean onItsWay, long askedAt) {
    if (over) {
      return Future.succeededFuture();
    }
    asked = true;
    absences = seen instanceof RunState.Absent ? absences + 1 : 0;
    suspicion.sees(claim, seen);
    RunDecision verdict = RunDecision.of(seen, facts(onItsWay));
    return switch (verdict.what()) {
      case WATCH -> deadlines.stubborn(askedAt).map(this::stuck).orElseGet(() -> watch(seen));
      case LOOK_AGAIN -> look.runSoon();
      case FINISH -> end(verdict.outcome().orElseThrow()).mapEmpty();
      case SEND_AGAIN -> sendAgain();
      case GIVE_BACK -> giveBack();
    };
  }

  private RunDecision.Facts facts(boolean onItsWay) {
    boolean lastTry = !claim.isSendable() || claim.attempt() - claim.unspent() >= bench.settings().maxAttempts();
    boolean faulted = claim.isSendable() && suspicion.fault().isPresent();
    return new RunDecision.Facts(deadlines.wish(), onItsWay, absences, lastTry, faulted);
  }

  private Future<Void> watch(RunState seen) {
    if (seen instanceof RunState.Pending) {
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

  /** Tells the store from when on its time counts, for whoever may take it over; when the store is away, again soon. */
  private Future<Void> began() {
    return bench.queue().began(claim).compose(valid -> {
      waited = false;
      return valid ? Future.succeededFuture() : leave();
    });
  }

  private Future<Void> stuck(Hopeless hopeless) {
    over = true;
    listener.stuck(this, hopeless);
    return Future.succeededFuture();
  }

  private Future<Void> notSeen(Throwable failure) {
    log.debug("The instance does not say what became of the task, asking again: task={} instance={} cause={}",
      claim.id(), claim.instance(), failure.getMessage());
    asked = true;
    absences = 0;
    suspicion.hearsNothing();
    return look.runSoon();
  }

  /** Proven gone: the next attempt runs in the same place, under the same id. */
  private Future<Void> sendAgain() {
    log.warn("The instance lost the task, sending it again: task={} instance={} attempt={}",
      claim.id(), claim.instance(), claim.attempt() + 1);
    return bench.reattempt(claim).compose(retry -> switch (retry) {
      case IN_PLACE -> resend();
      case WAITS -> waitAgain();
      case NOT_OURS -> leave();
    });
  }

  private Future<Void> waitAgain() {
    over = true;
    listener.waitsAgain(this);
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

  private Future<Void> giveBack() {
    over = true;
    return listener.faulted(this, suspicion.fault().orElseThrow());
  }

  private Future<Void> leave() {
    walkAway();
    return Future.succeededFuture();
  }

  /** Whom a run tells how it came off. Exactly one of these is called, once. */
  interface Listener {

    /**
     * The instance said that it ended, or would not have it. Answers whether the task is rejected, so that its
     * submitter is to be told.
     */
    Future<Boolean> ended(TaskRun run, Outcome outcome);

    /** The task certainly did not run, by a fault of its instance. */
    Future<Void> faulted(TaskRun run, InstanceFault fault);

    /** Its run was lost once more, and the store has put it back into the queue. */
    void waitsAgain(TaskRun run);

    /** The instance would not let go of it in time. */
    void stuck(TaskRun run, Hopeless hopeless);

    /** Somebody else watches it now. */
    void abandoned(TaskRun run);
  }
}
