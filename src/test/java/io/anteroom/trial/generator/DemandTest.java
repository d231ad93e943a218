package io.anteroom.trial.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DemandTest {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicReference<Boolean> waits = new AtomicReference<>();
  private final Demand demand = new Demand(waits::get);

  @Test
  void onlyTheTimeCountsInWhichATaskWaited() {
    sample(0, true);
    sample(1, true);
    sample(2, false);
    sample(3, true);

    assertThat(demand.within(span(0, 4))).containsExactly(span(0, 2), span(3, 4));
    assertThat(demand.within(span(2, 3))).isEmpty();
  }

  @Test
  void withoutASampleThereWasDemand() {
    sample(0, false);
    sample(1, null);
    sample(10, false);

    assertThat(demand.within(span(0, 11))).containsExactly(span(2, 10));
    assertThat(new Demand(waits::get).within(span(5, 6))).containsExactly(span(5, 6));
  }

  private void sample(long second, Boolean answer) {
    waits.set(answer);
    demand.sample(second * SECOND);
  }

  private static long[] span(long from, long to) {
    return new long[] {from * SECOND, to * SECOND};
  }
}
