package io.anteroom.dispatch;

import io.anteroom.async.Ticker;
import io.anteroom.config.Settings;
import io.anteroom.dispatch.RunDecision.RequestedEnd;
import io.anteroom.dispatch.RunDecision.StuckRun;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** The timeouts and deadlines of one run, by the node's monotonic clock. */
final class RunDeadlines {
  private final Settings.Task settings;
  private final Ticker ticker;
  private final InterruptGrace grace;
  private RequestedEnd requestedEnd = RequestedEnd.NONE;
  private OptionalLong firstSeenLate = OptionalLong.empty();
  private boolean running;
  private long runningSince;
  private long inFlightUntil;

  RunDeadlines(Settings.Task settings, Ticker ticker) {
    this.settings = settings;
    this.ticker = ticker;
    this.grace = new InterruptGrace(settings.interruptGrace(), ticker);
    this.inFlightUntil = ticker.nanos();
  }

  RequestedEnd requestedEnd() {
    return requestedEnd;
  }

  /** Records that the task is to end; the first request counts. True when this is the first. */
  boolean requestEnd(RequestedEnd end) {
    if (requestedEnd != RequestedEnd.NONE) {
      return false;
    }
    requestedEnd = end;
    return true;
  }

  /** The instance was asked to stop it; {@code answered} says whether it answered. */
  void stopRequested(boolean answered) {
    grace.requested(answered);
  }

  /** Its time counts from now, or from {@code already} ago. */
  void running(Duration already) {
    running = true;
    runningSince = ticker.nanos() - already.toNanos();
    inFlightUntil = ticker.nanos();
  }

  /** It does not run: it waits in the queue of its instance, or is about to be sent again. */
  void notRunning() {
    running = false;
  }

  boolean isRunning() {
    return running;
  }

  /** A request may reach the instance for this long from now. */
  void inFlight(Duration atMost) {
    inFlightUntil = ticker.nanos() + atMost.toNanos();
  }

  /**
   * Another owner may have sent a request: if it lives, until half a lease after its last contact with the store, which
   * may be this very moment, and such a request has arrived within the grace.
   */
  void adopted() {
    inFlight(settings.lease().dividedBy(2).plus(settings.grace()));
  }

  boolean isInFlight() {
    return inFlightUntil - ticker.nanos() > 0;
  }

  /** Requests its end when it has run longer than {@code task.timeout}. */
  void enforceTimeout() {
    if (isOverdue()) {
      requestEnd(RequestedEnd.TIME_OUT);
    }
  }

  boolean isOverdue() {
    return running && since(runningSince).compareTo(settings.timeout()) > 0;
  }

  /**
   * It was seen at its instance: whether that had its grace to stop it, and did not. A node that was frozen may have
   * asked it once and not again, so the task must have been seen late once before.
   *
   * @param polled when the instance was polled
   */
  Optional<StuckRun> stuck(long polled) {
    if (requestedEnd == RequestedEnd.NONE || !grace.isOver(polled)) {
      return Optional.empty();
    }
    firstSeenLate = firstSeenLate.isPresent() ? firstSeenLate : OptionalLong.of(polled);
    boolean stuck = polled - firstSeenLate.getAsLong() >= settings.pollInterval().toNanos();
    return stuck ? Optional.of(StuckRun.stubborn(requestedEnd)) : Optional.empty();
  }

  /** A node that was frozen since {@code before} must not send: half a lease is left for the request to arrive. */
  boolean isFresh(long before) {
    return since(before).compareTo(settings.lease().dividedBy(2)) < 0;
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(ticker.nanos() - nanos);
  }
}
