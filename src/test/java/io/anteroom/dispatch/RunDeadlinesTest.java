package io.anteroom.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.Settings;
import io.anteroom.dispatch.RunDecision.Wish;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunDeadlinesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Time-out an hour, grace a minute, lease a minute. */
  private final RunDeadlines deadlines =
    new RunDeadlines(new Settings.Task(HOUR, MINUTE, MINUTE, 3, MINUTE, MINUTE, MINUTE, HOUR));

  @Test
  void nothingIsSentWhenHalfALeaseWentBySinceTheClaimWasChecked() {
    assertThat(deadlines.isFresh(System.nanoTime() - MINUTE.dividedBy(2).toNanos())).isFalse();
    assertThat(deadlines.isFresh(System.nanoTime() - MINUTE.dividedBy(4).toNanos())).isTrue();
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
  }

  @Test
  void theFirstWishCounts() {
    assertThat(deadlines.wish(Wish.CANCEL)).isTrue();
    assertThat(deadlines.wish(Wish.TIME_OUT)).isFalse();

    assertThat(deadlines.wish()).isEqualTo(Wish.CANCEL);
    assertThat(deadlines.stubborn(System.nanoTime())).isEmpty();
  }

  /** The node may have been frozen while the grace went by: then nobody had asked the instance to stop it. */
  @Test
  void aRunIsStuckWhenItIsSeenLateTwiceAPollApart() {
    deadlines.wish(Wish.CANCEL);
    deadlines.stopAsked(true);
    long late = System.nanoTime() + MINUTE.plusSeconds(1).toNanos();

    assertThat(deadlines.stubborn(late - MINUTE.toNanos())).isEmpty();
    assertThat(deadlines.stubborn(late)).isEmpty();
    assertThat(deadlines.stubborn(late + 1)).isEmpty();
    assertThat(deadlines.stubborn(late + MINUTE.toNanos())).isPresent();
  }

  /** The store was away all the time, so that the instance could not be asked to stop it. */
  @Test
  void aRunIsNotStuckThatItsInstanceWasNotAskedToStop() {
    deadlines.wish(Wish.TIME_OUT);
    long late = System.nanoTime() + HOUR.toNanos();

    assertThat(deadlines.stubborn(late)).isEmpty();
    assertThat(deadlines.stubborn(late + HOUR.toNanos())).isEmpty();
  }

  /** It may have been out of reach. It must not hold its place for ever either. */
  @Test
  void anInstanceThatDoesNotAnswerHasThreeTimesAsLong() {
    deadlines.wish(Wish.TIME_OUT);
    deadlines.stopAsked(false);
    long asked = System.nanoTime();

    assertThat(deadlines.stubborn(asked + MINUTE.multipliedBy(3).minusSeconds(1).toNanos())).isEmpty();
    assertThat(deadlines.stubborn(asked + MINUTE.multipliedBy(3).toNanos())).as("seen late once").isEmpty();
    assertThat(deadlines.stubborn(asked + MINUTE.multipliedBy(4).toNanos())).isPresent();
  }

  @Test
  void aRequestIsOnItsWayUntilItsTimeIsUpOrTheRunIsSeen() {
    deadlines.onItsWay(MINUTE);
    assertThat(deadlines.isOnItsWay()).isTrue();

    deadlines.running(Duration.ZERO);
    assertThat(deadlines.isOnItsWay()).isFalse();
  }
}
