package io.anteroom.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.Settings;
import io.anteroom.dispatch.RunDecision.RequestedEnd;
import io.anteroom.support.MovableTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunDeadlinesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final MovableTicker ticker = new MovableTicker();
  /** Time-out an hour, grace a minute, lease a minute. */
  private final RunDeadlines deadlines =
    new RunDeadlines(new Settings.Task(HOUR, MINUTE, MINUTE, 3, MINUTE, MINUTE, MINUTE, HOUR), ticker);

  @Test
  void nothingIsSentWhenHalfALeaseWentBySinceTheClaimWasChecked() {
    long checked = ticker.nanos();

    ticker.moves(MINUTE.dividedBy(2).minusNanos(1));
    assertThat(deadlines.isFresh(checked)).isTrue();

    ticker.moves(Duration.ofNanos(1));
    assertThat(deadlines.isFresh(checked)).isFalse();
  }

  @Test
  void onlyWhatRunsIsEverOverdue() {
    assertThat(deadlines.isOverdue()).isFalse();

    deadlines.running(HOUR.plusSeconds(1));
    assertThat(deadlines.isOverdue()).isTrue();

    deadlines.notRunning();
    assertThat(deadlines.isOverdue()).isFalse();
  }

  @Test
  void theTimeThatARunHadUnderItsFormerOwnerCounts() {
    deadlines.running(HOUR.minusSeconds(30));

    assertThat(deadlines.isOverdue()).isFalse();
    assertThat(deadlines.isRunning()).isTrue();

    ticker.moves(Duration.ofSeconds(31));
    assertThat(deadlines.isOverdue()).isTrue();
  }

  @Test
  void theFirstRequestedEndCounts() {
    assertThat(deadlines.requestEnd(RequestedEnd.CANCEL)).isTrue();
    assertThat(deadlines.requestEnd(RequestedEnd.TIME_OUT)).isFalse();

    assertThat(deadlines.requestedEnd()).isEqualTo(RequestedEnd.CANCEL);
    assertThat(deadlines.stuck(ticker.nanos())).isEmpty();
  }

  /** The node may have been frozen while the grace went by: then the instance was not asked to stop it. */
  @Test
  void aRunIsStuckWhenItIsSeenLateTwiceAPollApart() {
    deadlines.requestEnd(RequestedEnd.CANCEL);
    deadlines.stopRequested(true);
    long late = ticker.nanos() + MINUTE.plusSeconds(1).toNanos();

    assertThat(deadlines.stuck(late - MINUTE.toNanos())).isEmpty();
    assertThat(deadlines.stuck(late)).isEmpty();
    assertThat(deadlines.stuck(late + 1)).isEmpty();
    assertThat(deadlines.stuck(late + MINUTE.toNanos())).isPresent();
  }

  /** The store was away all the time, so that the instance could not be asked to stop it. */
  @Test
  void aRunIsNotStuckThatItsInstanceWasNotAskedToStop() {
    deadlines.requestEnd(RequestedEnd.TIME_OUT);
    long late = ticker.nanos() + HOUR.toNanos();

    assertThat(deadlines.stuck(late)).isEmpty();
    assertThat(deadlines.stuck(late + HOUR.toNanos())).isEmpty();
  }

  /** It may have been out of reach. It must not hold its place for ever either. */
  @Test
  void anInstanceThatDoesNotAnswerHasThreeTimesAsLong() {
    deadlines.requestEnd(RequestedEnd.TIME_OUT);
    deadlines.stopRequested(false);
    long asked = ticker.nanos();

    assertThat(deadlines.stuck(asked + MINUTE.multipliedBy(3).minusSeconds(1).toNanos())).isEmpty();
    assertThat(deadlines.stuck(asked + MINUTE.multipliedBy(3).toNanos())).as("seen late once").isEmpty();
    assertThat(deadlines.stuck(asked + MINUTE.multipliedBy(4).toNanos())).isPresent();
  }

  @Test
  void aRequestIsInFlightUntilItsTimeIsUpOrTheRunIsSeen() {
    deadlines.inFlight(MINUTE);
    ticker.moves(MINUTE.minusNanos(1));
    assertThat(deadlines.isInFlight()).isTrue();
    ticker.moves(Duration.ofNanos(1));
    assertThat(deadlines.isInFlight()).isFalse();

    deadlines.inFlight(MINUTE);
    deadlines.running(Duration.ZERO);
    assertThat(deadlines.isInFlight()).isFalse();
  }
}
