package io.anteroom.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.dispatch.InstanceHealthChecker.Visit;
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
    assertThat(visit.missed("silent")).isFalse();
    visit.answered();
    assertThat(visit.missed("silent")).isFalse();
    assertThat(visit.missed("silent")).isTrue();
  }

  /** Two nodes that see an instance differently must not contradict each other at every round. */
  @Test
  void anOutageThatGoesOnIsToldNowAndThen() {
    assertThat(told(60, () -> visit.missed("silent"))).isEqualTo(11);
  }

  @Test
  void theFirstAnswerAfterAnOutageCountsHoweverOftenItFell() {
    for (int restart = 1; restart <= 100; restart++) {
      assertThat(falls()).isEqualTo(1);

      assertThat(visit.answered()).as("answer after fall %d", restart).isTrue();
    }
  }

  @Test
  void anotherReasonIsToldAtOnce() {
    falls();

    assertThat(visit.missed("foreign (302)")).isTrue();
    assertThat(visit.missed("foreign (302)")).isFalse();
  }

  @Test
  void whileARunTellsItsProgressNoMissCounts() {
    for (int round = 0; round < 20; round++) {
      visit.progressed();
      assertThat(visit.missed("silent")).isFalse();
    }

    assertThat(falls()).as("when it tells nothing any more").isEqualTo(1);
  }

  @Test
  void progressOfOneThatCountsAsOutIsNewsOncePerRound() {
    assertThat(visit.progressed()).isFalse();
    visit.missed("silent");
    falls();

    assertThat(told(5, visit::progressed)).isEqualTo(1);
    visit.missed("silent");
    assertThat(told(5, visit::progressed)).isEqualTo(1);
  }

  @Test
  void whatDidNotHoldIsToldAgain() {
    visit.answered();

    visit.forget();

    assertThat(visit.answered()).isTrue();
  }

  private int falls() {
    return told(2, () -> visit.missed("silent"));
  }

  private static int told(int rounds, BooleanSupplier round) {
    return (int) IntStream.range(0, rounds).filter(one -> round.getAsBoolean()).count();
  }
}
