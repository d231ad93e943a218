package io.anteroom.dispatch;

import io.anteroom.async.Ticker;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The time that an instance has to stop or remove a task, {@code task.interrupt_grace}. It counts from the first such
 * request that the instance answered: while the store is away, or the instance cannot be reached, nothing was asked of
 * it. An instance that never answers this request, but others, gets three times as long.
 */
final class InterruptGrace {
  private static final int UNANSWERED_FACTOR = 3;

  private final Duration grace;
  private final Ticker ticker;
  private OptionalLong requested = OptionalLong.empty();
  private OptionalLong answered = OptionalLong.empty();

  InterruptGrace(Duration grace, Ticker ticker) {
    this.grace = grace;
    this.ticker = ticker;
  }

  /** A request was made now; {@code hasAnswer} says whether the instance answered it. */
  void requested(boolean hasAnswer) {
    long now = ticker.nanos();
    requested = first(requested, now);
    answered = hasAnswer ? first(answered, now) : answered;
  }

  /** What was requested has come about by itself. */
  void reset() {
    requested = OptionalLong.empty();
    answered = OptionalLong.empty();
  }

  /** Whether it was over at this moment of the monotonic clock. */
  boolean isOver(long moment) {
    return isOver(answered, grace, moment) || isOver(requested, grace.multipliedBy(UNANSWERED_FACTOR), moment);
  }

  private static boolean isOver(OptionalLong since, Duration length, long moment) {
    return since.isPresent() && moment - since.getAsLong() >= length.toNanos();
  }

  private static OptionalLong first(OptionalLong before, long now) {
    return before.isPresent() ? before : OptionalLong.of(now);
  }
}
