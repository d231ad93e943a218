package io.anteroom.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.dispatch.InstanceHealthChecker.InstanceHealth;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InstanceHealthTest {
  private final InstanceHealth health = new InstanceHealth();

  @Test
  void theFirstAnswerIsNewsAndThenEverySixth() {
    assertThat(health.onAnswer()).isTrue();
    assertThat(reports(11, health::onAnswer)).isEqualTo(2);
  }

  @Test
  void aSingleMissIsNoNews() {
    assertThat(health.onMiss("silent")).isFalse();
    health.onAnswer();
    assertThat(health.onMiss("silent")).isFalse();
    assertThat(health.onMiss("silent")).isTrue();
  }

  /** Two nodes that see an instance differently must not contradict each other at every check. */
  @Test
  void anOutageThatGoesOnIsReportedNowAndThen() {
    assertThat(reports(60, () -> health.onMiss("silent"))).isEqualTo(11);
  }

  @Test
  void theFirstAnswerAfterAnOutageCountsHoweverOftenItFell() {
    for (int restart = 1; restart <= 100; restart++) {
      assertThat(falls()).isEqualTo(1);

      assertThat(health.onAnswer()).as("answer after fall %d", restart).isTrue();
    }
  }

  @Test
  void anotherReasonIsReportedAtOnce() {
    falls();

    assertThat(health.onMiss("foreign (302)")).isTrue();
    assertThat(health.onMiss("foreign (302)")).isFalse();
  }

  @Test
  void whileARunPublishesItsProgressNoMissCounts() {
    for (int check = 0; check < 20; check++) {
      health.onProgress();
      assertThat(health.onMiss("silent")).isFalse();
    }

    assertThat(falls()).as("when it publishes nothing any more").isEqualTo(1);
  }

  @Test
  void progressOfOneThatCountsAsOutIsNewsOncePerCheck() {
    assertThat(health.onProgress()).isFalse();
    health.onMiss("silent");
    falls();

    assertThat(reports(5, health::onProgress)).isEqualTo(1);
    health.onMiss("silent");
    assertThat(reports(5, health::onProgress)).isEqualTo(1);
  }

  @Test
  void aReportThatDidNotHoldIsRepeated() {
    health.onAnswer();

    health.reportAgain();

    assertThat(health.onAnswer()).isTrue();
  }

  private int falls() {
    return reports(2, () -> health.onMiss("silent"));
  }

  private static int reports(int checks, BooleanSupplier check) {
    return (int) IntStream.range(0, checks).filter(one -> check.getAsBoolean()).count();
  }
}
