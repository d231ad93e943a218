package io.anteroom.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.task.TaskStatus.Estimate;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DurationEstimatorTest {
  private final DurationEstimator estimator = new DurationEstimator();

  @Test
  void thereIsNoEstimateFromFewerThanFiveRuns() {
    ran(60, 60, 60, 60);

    assertThat(estimator.waiting(1, 10)).isEmpty();
    assertThat(estimator.running(Duration.ZERO)).isEmpty();

    ran(60);

    assertThat(estimator.waiting(1, 10)).isPresent();
    assertThat(estimator.running(Duration.ZERO)).isPresent();
  }

  @Test
  void waitGrowsWithThePositionAndShrinksWithTheLimit() {
    ran(60, 60, 60, 60, 60);

    assertThat(estimator.waiting(1, 1)).contains(seconds(60, 60));
    assertThat(estimator.waiting(1, 10)).contains(seconds(5, 60));
    assertThat(estimator.waiting(20, 10)).contains(seconds(120, 120));
    assertThat(estimator.waiting(25, 10)).contains(seconds(150, 180));
  }

  @Test
  void fewVeryLongRunsDoNotMoveTheMedian() {
    ran(10, 10, 10, 10, 10, 10, 10, 10, 3000, 3000);

    assertThat(estimator.waiting(1, 1)).contains(seconds(10, 10));
  }

  @Test
  void rangeReachesFromTheMedianToWhatFourOfFiveKeepTo() {
    ran(10, 20, 30, 40, 50);

    assertThat(estimator.waiting(1, 1)).contains(seconds(30, 40));
  }

  @Test
  void aTaskWithoutAPositionGetsNoEstimate() {
    ran(60, 60, 60, 60, 60);

    assertThat(estimator.waiting(0, 10)).isEmpty();
    assertThat(estimator.waiting(1, 0)).isEmpty();
  }

  @Test
  void rangeIsRoundedOutwards() {
    ran(7, 7, 7, 8, 9);
    assertThat(estimator.waiting(1, 1)).contains(seconds(5, 10));

    assertThat(estimator.waiting(16, 1)).contains(seconds(90, 150));
    assertThat(estimator.waiting(90, 1)).contains(seconds(600, 720));
  }

  @Test
  void restOfARunNeverGoesBelowZeroAndEndsWhenItIsSlowerThanMost() {
    ran(10, 20, 30, 40, 50);

    assertThat(estimator.running(Duration.ofSeconds(10))).contains(seconds(20, 30));
    assertThat(estimator.running(Duration.ofSeconds(35))).contains(seconds(0, 5));
    assertThat(estimator.running(Duration.ofSeconds(40))).isEmpty();
  }

  @Test
  void onlyTheLatestRunsCount() {
    ran(IntStream.range(0, DurationEstimator.MAX_RUNS).map(i -> 3000).toArray());
    ran(IntStream.range(0, DurationEstimator.MAX_RUNS).map(i -> 10).toArray());

    assertThat(estimator.waiting(1, 1)).contains(seconds(10, 10));
  }

  @Test
  void aClockThatWentBackIsIgnored() {
    ran(60, 60, 60, 60, -60);

    assertThat(estimator.waiting(1, 1)).isEmpty();
  }

  @Test
  void noEstimateIsLongerThanAWeek() {
    ran(600, 600, 600, 600, 600);

    assertThat(estimator.waiting(Integer.MAX_VALUE, 1))
      .contains(new Estimate(Duration.ofDays(7), Duration.ofDays(7)));
  }

  private void ran(int... seconds) {
    IntStream.of(seconds).mapToObj(Duration::ofSeconds).forEach(estimator::ran);
  }

  private static Estimate seconds(long low, long high) {
    return new Estimate(Duration.ofSeconds(low), Duration.ofSeconds(high));
  }
}
