package io.anteroom.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.Settings;
import io.anteroom.dispatch.FaultDetector.Standstill;
import io.anteroom.support.MovableTicker;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StandstillTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final MovableTicker ticker = new MovableTicker();
  /** Time-out an hour, interrupt grace and grace a minute. */
  private final Standstill standstill =
    new Standstill(new Settings.Task(HOUR, MINUTE, HOUR, 3, HOUR, HOUR, MINUTE, HOUR), ticker);

  @Test
  void nothingRunsAndTheTaskIsNotBegun() {
    standsStillFor(MINUTE);
    assertThat(standstill.isTooLong()).isFalse();

    standsStillFor(Duration.ofNanos(1));

    assertThat(standstill.isTooLong()).isTrue();
    assertThat(standstill.isStuck()).isFalse();
  }

  /** While the store is away nothing is asked of the instance, so it has refused nothing. */
  @Test
  void itIsStuckOnlyWhenTheInstanceWasAskedToRemoveTheTask() {
    standsStillFor(HOUR);
    assertThat(standstill.isStuck()).isFalse();

    standstill.removalRequested(true);
    standsStillFor(MINUTE.minusNanos(1));
    assertThat(standstill.isStuck()).isFalse();

    standsStillFor(Duration.ofNanos(1));
    assertThat(standstill.isStuck()).isTrue();
  }

  @Test
  void itTakesAsLongAsWhatRunsBeforeItMay() {
    standsStillFor(MINUTE.plusNanos(1));
    assertThat(standstill.isTooLong()).isTrue();

    standstill.onPending(Set.of("another"));
    ticker.moves(HOUR.plus(MINUTE));
    standstill.onPending(Set.of("another"));
    assertThat(standstill.isTooLong()).isFalse();

    ticker.moves(Duration.ofNanos(1));
    standstill.onPending(Set.of("another"));
    assertThat(standstill.isTooLong()).isTrue();
  }

  @Test
  void anInstanceThatIsNotSeenStandsForNothing() {
    standstill.onPending(Set.of());
    ticker.moves(HOUR.multipliedBy(2));

    assertThat(standstill.isTooLong()).as("seen once, however long ago").isFalse();
  }

  @Test
  void whatBeganDoesNotStandStill() {
    standsStillFor(MINUTE.plusNanos(1));

    standstill.end();

    assertThat(standstill.isTooLong()).isFalse();
  }

  /** It is seen waiting, and once more after this time. */
  private void standsStillFor(Duration time) {
    standstill.onPending(Set.of());
    ticker.moves(time);
    standstill.onPending(Set.of());
  }
}
