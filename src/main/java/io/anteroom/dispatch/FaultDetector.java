package io.anteroom.dispatch;

import io.anteroom.async.Ticker;
import io.anteroom.comfy.PostResult;
import io.anteroom.comfy.RunState;
import io.anteroom.config.Settings;
import io.anteroom.dispatch.RunDecision.StuckRun;
import io.anteroom.queue.Claim;
import io.anteroom.queue.InstanceFault;
import io.anteroom.queue.InstanceFault.Kind;
import io.anteroom.task.InstanceOutage;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The failure detector of one run: which fault of its instance explains that the task is absent, or does not begin. */
final class FaultDetector {
  private final Standstill standstill;
  private final Duration giveUp;
  private final Ticker ticker;
  private Optional<InstanceFault> fault = Optional.empty();
  private boolean answering = true;
  private long firstMiss;
  private long latestMiss;

  /** @param giveUp how long the instance may stay silent about the task */
  FaultDetector(Settings.Task settings, Duration giveUp, Ticker ticker) {
    this.standstill = new Standstill(settings, ticker);
    this.giveUp = giveUp;
    this.ticker = ticker;
  }

  Optional<InstanceFault> fault() {
    return fault;
  }

  /** Whether the task has waited at its instance for so long without being begun that it is to be removed there. */
  boolean isStalled() {
    return standstill.isTooLong();
  }

  /** Whether the instance had its time to remove the task, or to report its state. */
  Optional<StuckRun> stuck() {
    if (standstill.isStuck()) {
      return Optional.of(StuckRun.neverBegan());
    }
    boolean silent = !answering && latestMiss - firstMiss > giveUp.toNanos();
    return silent ? Optional.of(StuckRun.unheard()) : Optional.empty();
  }

  /** The instance was asked to remove it; {@code answered} says whether it answered. */
  void removalRequested(boolean answered) {
    standstill.removalRequested(answered);
  }

  /** The run published its progress, so the instance lives. */
  void onProgress() {
    answering = true;
  }

  /** The instance was polled and did not answer. */
  void onNoAnswer() {
    latestMiss = ticker.nanos();
    firstMiss = answering ? latestMiss : firstMiss;
    answering = false;
  }

  /**
   * The task was sent with this result. A connection that breaks is no fault of the instance: a task that crashes it
   * each time must not be tried for ever.
   */
  void onPostResult(Claim claim, PostResult result) {
    if (result instanceof PostResult.Unreachable unreachable) {
      fault = Optional.of(new InstanceFault(Kind.UNREACHABLE, unreachable.seen().outage(claim.instance()).stored()));
    } else {
      fault = result instanceof PostResult.Unknown unknown ? of(claim, unknown) : Optional.empty();
    }
  }

  /** The instance was polled; a task that is there clears an earlier fault. */
  void onRunState(Claim claim, RunState state) {
    answering = true;
    if (state instanceof RunState.Pending pending) {
      standstill.onPending(pending.running());
    } else {
      standstill.end();
    }
    if (!(state instanceof RunState.Absent)) {
      fault = standstill.isTooLong()
        ? Optional.of(fault(Kind.STALLED, InstanceOutage.Kind.STALLED, claim))
        : Optional.empty();
    }
  }

  private static Optional<InstanceFault> of(Claim claim, PostResult.Unknown unknown) {
    return switch (unknown.sign()) {
      case ERROR -> Optional.of(new InstanceFault(Kind.REFUSED,
        InstanceOutage.of(InstanceOutage.Kind.FAILING, claim.instance(), unknown.cause()).stored()));
      case NO_ANSWER -> Optional.of(fault(Kind.REFUSED, InstanceOutage.Kind.LATE, claim));
      case OTHER_ANSWER, CUT -> Optional.empty();
    };
  }

  private static InstanceFault fault(Kind kind, InstanceOutage.Kind why, Claim claim) {
    return new InstanceFault(kind, InstanceOutage.of(why, claim.instance()).stored());
  }

  /**
   * How long nothing has moved at an instance in whose own queue a task waits: its worker may be dead or paused. Counts
   * from the first poll to the latest that saw the same; an instance that does not answer shows nothing.
   */
  static final class Standstill {
    private final Settings.Task settings;
    private final Ticker ticker;
    private final InterruptGrace grace;
    private Set<String> running = Set.of();
    private boolean seen;
    private long first;
    private long latest;

    Standstill(Settings.Task settings, Ticker ticker) {
      this.settings = settings;
      this.ticker = ticker;
      this.grace = new InterruptGrace(settings.interruptGrace(), ticker);
    }

    /** The task waits there, while these run. */
    void onPending(Set<String> now) {
      latest = ticker.nanos();
      if (!seen || !running.equals(now)) {
        seen = true;
        running = now;
        first = latest;
        grace.reset();
      }
    }

    void removalRequested(boolean answered) {
      grace.requested(answered);
    }

    /** It does not wait there any more. */
    void end() {
      seen = false;
    }

    /** Nothing runs and the task is not begun, or what runs should have been stopped long ago. */
    boolean isTooLong() {
      return seen && lasted().compareTo(allowed()) > 0;
    }

    /** The same, and the instance had its grace to remove the task. */
    boolean isStuck() {
      return isTooLong() && grace.isOver(latest);
    }

    private Duration lasted() {
      return Duration.ofNanos(latest - first);
    }

    private Duration allowed() {
      return running.isEmpty() ? settings.grace() : settings.timeout().plus(settings.interruptGrace());
    }
  }
}
