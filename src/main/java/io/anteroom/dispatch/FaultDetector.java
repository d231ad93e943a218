package io.anteroom.dispatch;

import io.anteroom.async.Ticker;
import io.anteroom.comfy.PostResult;
import io.anteroom.comfy.RunState;
import io.anteroom.config.Settings;
import io.anteroom.dispatch.RunDecision.Hopeless;
import io.anteroom.queue.Claim;
import io.anteroom.queue.InstanceFault;
import io.anteroom.queue.InstanceFault.Kind;
import io.anteroom.task.InstanceOutage;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Which fault of its instance would explain that a task is not there, or does not begin. */
final class FaultDetector {
  private final Standstill standstill;
  private final Duration patience;
  private final Ticker ticker;
  private Optional<InstanceFault> fault = Optional.empty();
  private boolean heard = true;
  private long firstMiss;
  private long latestMiss;

  /** @param patience how long it may go unheard of */
  FaultDetector(Settings.Task settings, Duration patience, Ticker ticker) {
    this.standstill = new Standstill(settings, ticker);
    this.patience = patience;
    this.ticker = ticker;
  }

  Optional<InstanceFault> fault() {
    return fault;
  }

  /** The task is not begun for so long that the instance is to give it back. */
  boolean wantsItBack() {
    return standstill.isTooLong();
  }

  /** Whether the instance had its time to give it back, or to say what became of it. */
  Optional<Hopeless> hopeless() {
    if (standstill.isHopeless()) {
      return Optional.of(Hopeless.neverBegan());
    }
    boolean unheard = !heard && latestMiss - firstMiss > patience.toNanos();
    return unheard ? Optional.of(Hopeless.unheard()) : Optional.empty();
  }

  /** The instance was asked to give it back; {@code answered} says whether it answered. */
  void askedBack(boolean answered) {
    standstill.askedBack(answered);
  }

  /** The run tells its progress by another way. */
  void progresses() {
    heard = true;
  }

  /** The instance was asked and did not say. */
  void hearsNothing() {
    latestMiss = ticker.nanos();
    firstMiss = heard ? latestMiss : firstMiss;
    heard = false;
  }

  /**
   * This was answered when the task was sent. A connection that breaks says nothing: a task that kills its instance
   * each time is not to be tried for ever.
   */
  void hears(Claim claim, PostResult answer) {
    if (answer instanceof PostResult.Unreachable unreachable) {
      fault = Optional.of(new InstanceFault(Kind.UNREACHABLE, unreachable.seen().outage(claim.instance()).stored()));
    } else {
      fault = answer instanceof PostResult.Unknown unknown ? of(claim, unknown) : Optional.empty();
    }
  }

  /** It was seen there: what was feared before has not come true. */
  void sees(Claim claim, RunState seen) {
    heard = true;
    if (seen instanceof RunState.Pending pending) {
      standstill.sees(pending.running());
    } else {
      standstill.ends();
    }
    if (!(seen instanceof RunState.Absent)) {
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
   * from the first look to the latest that saw the same; an instance that does not answer shows nothing.
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
    void sees(Set<String> now) {
      latest = ticker.nanos();
      if (!seen || !running.equals(now)) {
        seen = true;
        running = now;
        first = latest;
        grace.reset();
      }
    }

    void askedBack(boolean answered) {
      grace.asked(answered);
    }

    /** It does not wait there any more. */
    void ends() {
      seen = false;
    }

    /** Nothing runs and the task is not begun, or what runs should have been stopped long ago. */
    boolean isTooLong() {
      return seen && lasted().compareTo(allowed()) > 0;
    }

    /** And the instance had its time to give the task back. */
    boolean isHopeless() {
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
