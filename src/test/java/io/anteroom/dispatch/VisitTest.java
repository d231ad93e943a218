package io.anteroom.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VisitTest {
  private final Visit visit = new Visit();

  @Test
  void theFirstAnswerIsNewsAndThenEverySixth() {
    assertThat(visit.answered()).isTrue();
    assertThat(told(11, visit::answered)).isEqualTo(2);
  }

  @Test
  void aSingleMissIsNoNews() {
    assertThat(visit.missed()).isFalse();
    visit.answered();
    assertThat(visit.missed()).isFalse();
    assertThat(visit.missed()).isTrue();
  }

  /** Two nodes that see an instance differently must not contradict each other at every round. */
  @Test
  void anOutageThatGoesOnIsToldNowAndThen() {
    assertThat(told(60, visit::missed)).isEqualTo(11);
  }

  @Test
  void afterOneOutageTheFirstAnswerCounts() {
    falls();

    assertThat(visit.answered()).isTrue();
  }

  @Test
  void whatComesAndGoesIsToldLessAndLess() {
    int told = IntStream.range(0, 100).map(round -> falls() + told(3, visit::answered)).sum();

    assertThat(told).as("of 100 falls and 300 answers").isLessThan(110);
  }

  @Test
  void itIsBackInTheEndHoweverOftenItFell() {
    IntStream.range(0, 100).forEach(round -> {
      falls();
      visit.answered();
    });

    assertThat(told(31, visit::answered)).isEqualTo(1);
  }

  @Test
  void whatDidNotHoldIsToldAgain() {
    visit.answered();

    visit.forget();

    assertThat(visit.answered()).isTrue();
  }

  private int falls() {
    return told(2, visit::missed);
  }

  private static int told(int rounds, BooleanSupplier round) {
    return (int) IntStream.range(0, rounds).filter(one -> round.getAsBoolean()).count();
  }
}
