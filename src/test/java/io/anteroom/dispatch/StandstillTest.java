package io.anteroom.dispatch;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.Settings;
import io.anteroom.dispatch.FaultDetector.Standstill;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StandstillTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MOMENT = Duration.ofMillis(1);

  @Test
  void nothingRunsAndTheTaskIsNotBegun() {
    Standstill standstill = graceOf(MOMENT);

    until(() -> {
      standstill.sees(Set.of());
      return standstill.isTooLong();
    });

    assertThat(standstill.isHopeless()).isFalse();
  }

  /** While the store is away nothing is asked of the instance, so it has refused nothing. */
  @Test
  void itIsHopelessOnlyWhenTheInstanceWasAskedToGiveTheTaskBack() {
    Standstill standstill = new Standstill(new Settings.Task(HOUR, Duration.ZERO, HOUR, 3, HOUR, HOUR, MOMENT, HOUR));
    until(() -> {
      standstill.sees(Set.of());
      return standstill.isTooLong();
    });
    assertThat(standstill.isHopeless()).isFalse();

    standstill.askedBack(true);
    standstill.sees(Set.of());

    assertThat(standstill.isHopeless()).isTrue();
  }

  @Test
  void itTakesAsLongAsWhatRunsBeforeItMay() {
    Standstill standstill = graceOf(MOMENT);
    standstill.sees(Set.of());
    until(() -> {
      standstill.sees(Set.of());
      return standstill.isTooLong();
    });

    standstill.sees(Set.of("another"));
    standstill.sees(Set.of("another"));

    assertThat(standstill.isTooLong()).isFalse();
  }

  @Test
  void anInstanceThatIsNotSeenStandsForNothing() {
    Standstill standstill = graceOf(Duration.ZERO);

    standstill.sees(Set.of());

    assertThat(standstill.isTooLong()).as("seen once, however long ago").isFalse();
  }

  @Test
  void whatBeganDoesNotStandStill() {
    Standstill standstill = graceOf(MOMENT);
    until(() -> {
      standstill.sees(Set.of());
      return standstill.isTooLong();
    });

    standstill.ends();

    assertThat(standstill.isTooLong()).isFalse();
  }

  private static Standstill graceOf(Duration grace) {
    return new Standstill(new Settings.Task(HOUR, HOUR, HOUR, 3, HOUR, HOUR, grace, HOUR));
  }
}
