package io.anteroom.dispatch;

import io.anteroom.async.Ticker;
import io.anteroom.config.Settings;
import io.anteroom.dispatch.RunDecision.Hopeless;
import io.anteroom.dispatch.RunDecision.Wish;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** The times of one run, by the node's monotonic clock: how long it runs, since when it is to stop. */
final class RunDeadlines {
  private final Settings.Task settings;
  private final Ticker ticker;
  private final InterruptGrace grace;
  private Wish wish = Wish.NONE;
  private OptionalLong firstSeenLate = OptionalLong.empty();
  private boolean running;
  private long runningSince;
  private long onItsWayUntil;

  RunDeadlines(Settings.Task settings, Ticker ticker) {
    this.settings = settings;
    this.ticker = ticker;
    this.grace = new InterruptGrace(settings.interruptGrace(), ticker);
    this.onItsWayUntil = ticker.nanos();
  }

  Wish wish() {
    return wish;
  }

  /** Notes that the task is to stop; the first wish counts. True when it is the first. */
  boolean wish(Wish wanted) {
    if (wish != Wish.NONE) {
      return false;
    }
    wish = wanted;
    return true;
  }

  /** The instance was asked to stop it; {@code answered} says whether it answered. */
  void stopAsked(boolean answered) {
    grace.asked(answered);
  }

  /** Its time counts from now, or from {@code already} ago. */
  void running(Duration already) {
    running = true;
    runningSince = ticker.nanos() - already.toNanos();
    onItsWayUntil = ticker.nanos();
  }

  /** It does not run: it waits at its instance behind others, or is about to be sent again. */
  void notRunning() {
    running = false;
  }

  boolean isRunning() {
    return running;
  }

  /** A request may reach the instance for this long from now. */
  void onItsWay(Duration longest) {
    onItsWayUntil = ticker.nanos() + longest.toNanos();
  }

  /**
   * Another owner may have sent a request: if it lives, until half a lease after the store last knew of it, which may
   * be this very moment, and such a request has arrived within the grace.
   */
  void adopted() {
    onItsWay(settings.lease().dividedBy(2).plus(settings.grace()));
  }

  boolean isOnItsWay() {
    return onItsWayUntil - ticker.nanos() > 0;
  }

  /** Has it stopped when it has run longer than the lab allows. */
  void mindTheTime() {
    if (isOverdue()) {
      wish(Wish.TIME_OUT);
    }
  }

  boolean isOverdue() {
    return running && since(runningSince).compareTo(settings.timeout()) > 0;
  }

  /**
   * It was seen at its instance: whether that had its time to stop it, and did not. A node that was frozen may have
   * asked it once and not again, so it must have been seen late once before.
   *
   * @param asked when the instance was asked
   */
  Optional<Hopeless> stubborn(long asked) {
    if (wish == Wish.NONE || !grace.isOver(asked)) {
      return Optional.empty();
    }
    firstSeenLate = firstSeenLate.isPresent() ? firstSeenLate : OptionalLong.of(asked);
    boolean stuck = asked - firstSeenLate.getAsLong() >= settings.pollInterval().toNanos();
    return stuck ? Optional.of(Hopeless.stubborn(wish)) : Optional.empty();
  }

  /** A node that was frozen since {@code before} must not send: half a lease is left for the request to arrive. */
  boolean isFresh(long before) {
    return since(before).compareTo(settings.lease().dividedBy(2)) < 0;
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(ticker.nanos() - nanos);
  }
}
