package io.anteroom.dispatch;

import io.anteroom.async.Ticker;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The time that an instance has to let go of a task, {@code task.interrupt_grace}. It counts from the first request to
 * do so that the instance answered: while the store is away, or the instance cannot be reached, nothing was asked of
 * it. An instance that never answers this request, but others, gets three times as long.
 */
final class InterruptGrace {
  private static final int UNANSWERED = 3;

  private final Duration grace;
  private final Ticker ticker;
  private OptionalLong asked = OptionalLong.empty();
  private OptionalLong answered = OptionalLong.empty();

  InterruptGrace(Duration grace, Ticker ticker) {
    this.grace = grace;
    this.ticker = ticker;
  }

  /** The instance was asked now; {@code answer} says whether it answered. */
  void asked(boolean answer) {
    long now = ticker.nanos();
    asked = first(asked, now);
    answered = answer ? first(answered, now) : answered;
  }

  /** What it was asked for has come to an end by itself. */
  void reset() {
    asked = OptionalLong.empty();
    answered = OptionalLong.empty();
  }

  /** Whether it was over at this moment of the monotonic clock. */
  boolean isOver(long moment) {
    return isOver(answered, grace, moment) || isOver(asked, grace.multipliedBy(UNANSWERED), moment);
  }

  private static boolean isOver(OptionalLong since, Duration length, long moment) {
    return since.isPresent() && moment - since.getAsLong() >= length.toNanos();
  }

  private static OptionalLong first(OptionalLong before, long now) {
    return before.isPresent() ? before : OptionalLong.of(now);
  }
}
